import { deadline, messageOf, orAbort } from '#core'
import type { HealthChange } from './snapshot.ts'

/** Is told of every change of health. It gets a signal that aborts when its time is over. */
export type AlertHandler = (change: HealthChange, signal: AbortSignal) => void | Promise<void>

/** Tells handlers of changes, one change after the other for each. Disposing lets them finish, and drops what still waits after `limitMs`. */
export interface Alerts extends AsyncDisposable {
  notify(change: HealthChange): void
}

/** How many changes may wait for a slow handler; the oldest are dropped first. */
const waitingMost = 100

/**
 * Alert handlers, kept at arm's length: what they throw goes to `onTrouble`, and one that hangs loses its turn after `limitMs`,
 * so that a broken pager harms neither the run nor another handler.
 */
export function createAlerts(
  handlers: readonly AlertHandler[],
  options: { limitMs: number; onTrouble: (message: string) => void },
): Alerts {
  const queues = handlers.map((handler) => createQueue(handler, options))
  return {
    notify(change) {
      for (const queue of queues) queue.push(change)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(queues.map((queue) => queue.end()))
    },
  }
}

function createQueue(
  handler: AlertHandler,
  { limitMs, onTrouble }: { limitMs: number; onTrouble: (message: string) => void },
) {
  const waiting: HealthChange[] = []
  let working: Promise<void> | undefined

  const tell = async (change: HealthChange) => {
    using limit = deadline(limitMs)
    try {
      await orAbort((async () => handler(change, limit.signal))(), limit.signal)
    } catch (error) {
      onTrouble(`alert handler ${handler.name || '(unnamed)'}: ${messageOf(error)}`)
    }
  }
  const work = async () => {
    for (let change = waiting.shift(); change; change = waiting.shift()) await tell(change)
    working = undefined
  }
  return {
    push(change: HealthChange) {
      if (waiting.push(change) > waitingMost) waiting.shift()
      working ??= work()
    },
    async end() {
      using limit = deadline(limitMs)
      const dropTheRest = () => waiting.splice(0)
      limit.signal.addEventListener('abort', dropTheRest, { once: true })
      await working
    },
  }
}
