import { now, sleep } from '#core'
import type { RunningEnvironment } from '#environment'
import type { ReadinessSaid } from '#evidence'
import type { Snapshot } from '#health'
import type { JournalSink } from '#journal'
import { isDown } from '#strategy'
import type { Watch } from './watch.ts'

const everyMs = 500
const answerLimitMs = 3_000

export interface ReadinessOptions {
  readonly environment: Pick<RunningEnvironment, 'topology' | 'connections'>
  readonly watch: Pick<Watch, 'monitor' | 'onHealthChange'>
  readonly journal: JournalSink
  readonly signal: AbortSignal
}

/**
 * Asks the entry whether it is ready, for as long as something that its readiness covers is seen down from beside it: nobody may
 * use the application just then, since tests that need the service are held back, and by its answer, and by what it asks of the
 * service to give one, the application shows whether it is cut off as well.
 */
export function askReadiness({ environment, watch, journal, signal }: ReadinessOptions): AsyncDisposable {
  const { topology, connections } = environment
  const { readiness } = topology.services[topology.entry] ?? {}
  const stopping = new AbortController()
  const ended = AbortSignal.any([signal, stopping.signal])
  let asking: Promise<void> | undefined
  const isCalledFor = (snapshot: Snapshot) =>
    readiness?.covers.some((service) =>
      snapshot.targets.some((view) => view.target === service && view.vantage === 'app-side' && isDown(view)),
    ) === true

  const ask = async (path: string): Promise<ReadinessSaid> => {
    const at = now()
    const limit = AbortSignal.any([ended, AbortSignal.timeout(answerLimitMs)])
    const status = await fetch(new URL(path, connections.entry), { signal: limit, redirect: 'manual' }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      () => null,
    )
    return { at, tookMs: now() - at, status }
  }

  const askOn = async (path: string) => {
    while (!ended.aborted && isCalledFor(watch.monitor.snapshot())) {
      const data = await ask(path)
      if (!ended.aborted) journal.append({ source: 'session', kind: 'readiness', data })
      await sleep(everyMs, ended).catch(() => {})
    }
  }

  const begin = () => {
    if (readiness === undefined || asking || !isCalledFor(watch.monitor.snapshot())) return
    asking = askOn(readiness.path).finally(() => {
      asking = undefined
    })
  }
  watch.onHealthChange(begin)
  begin()
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await asking
    },
  }
}
