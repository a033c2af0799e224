import { AsyncLocalStorage } from 'node:async_hooks'

/** Which attempt the code that runs belongs to. */
export interface Tie {
  readonly attempt: string
}

/** One storage for the process, so that what creates a request and what records it agree. */
const current = new AsyncLocalStorage<Tie | 'quiet'>()

/** The attempt that the running code belongs to; undefined outside of every attempt. */
export function currentAttempt(): string | undefined {
  const tie = current.getStore()
  return typeof tie === 'object' ? tie.attempt : undefined
}

/** Whether the running code's traffic is told by its own client. */
export function isQuiet(): boolean {
  return current.getStore() === 'quiet'
}

/** Runs `fn` so that its traffic, also what it starts in the background, belongs to the attempt. */
export function runIn<T>(attempt: string, fn: () => T): T {
  return current.run({ attempt }, fn)
}

/** The rest of the current asynchronous execution belongs to the attempt. */
export function enterIn(attempt: string): void {
  current.enterWith({ attempt })
}

/** Runs `fn` unseen by the capture: for clients that note their exchanges themselves. */
export function quietly<T>(fn: () => T): T {
  return current.run('quiet', fn)
}
