import type { WorkerSettings } from '#run'

/** The browser for tests that want one. */
export async function findBrowserOrNone(_signal: AbortSignal): Promise<WorkerSettings['browser']> {
  return undefined
}
