import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Ledger } from './ledger.ts'

/** What a source of exchanges needs from the capture. */
export interface Source {
  readonly ledger: Ledger
  readonly targetOf: (host: string) => string | undefined
  readonly ignores: (host: string) => boolean
}

/** Subscribes handlers of typed messages; what a handler throws must not reach the code that published. */
export function subscribeAll(handlers: Readonly<Record<string, (message: never) => void>>): () => void {
  const subscriptions = Object.entries(handlers).map(([channel, handle]) => {
    const safely = (message: unknown) => {
      try {
        handle(message as never)
      } catch {
        // A message of an unknown shape, from another version: the exchange is not seen, the request goes on.
      }
    }
    subscribe(channel, safely)
    return () => unsubscribe(channel, safely)
  })
  return () => {
    for (const stop of subscriptions) stop()
  }
}
