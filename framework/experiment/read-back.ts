import { deadline, messageOf, sleep } from '#core'
import type { Experiment } from './define.ts'
import type { History, ReadValues } from './history.ts'
import type { OpenClients } from './load.ts'

export interface ReadBackParts {
  readonly state: unknown
  readonly openClients: OpenClients
  readonly signal: AbortSignal
  readonly onFailure: (message: string) => void
}

const tries = 4
const pauseMs = 500
const limitMs = 5000

/** What is kept under each key that was written; `undefined` where nobody can read it. Rejects with `signal.reason`. */
export async function readBack(
  experiment: Experiment,
  { operations }: History,
  { state, openClients, signal, onFailure }: ReadBackParts,
): Promise<readonly ReadValues[] | undefined> {
  const keys = [...new Set(operations.flatMap(({ write }) => write?.key ?? []))]
  if (!experiment.readBack) return undefined
  for (let left = tries; left > 0; left--) {
    const { clients, close } = openClients(signal)
    using limit = deadline(limitMs, signal)
    try {
      return await experiment.readBack(clients, state, keys, limit.signal)
    } catch (error) {
      signal.throwIfAborted()
      onFailure(messageOf(error))
    } finally {
      await close()
    }
    await sleep(pauseMs, signal)
  }
  return undefined
}
