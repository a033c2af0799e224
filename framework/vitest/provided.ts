import type { WorkerSettings } from '#run'

/** {@link WorkerSettings} and what the host itself adds. */
export interface ProvidedToWorkers extends WorkerSettings {
  /** How many attempts each test has behind it, by test id: reruns count on. */
  readonly attemptsBefore: Readonly<Record<string, number>>
}

declare module 'vitest' {
  interface ProvidedContext {
    faultline?: ProvidedToWorkers
  }
}

/** What a run without an owner goes by. */
export const unguidedSettings: ProvidedToWorkers = {
  addresses: {},
  policy: { retries: 3, retryDelayMs: 2000 },
  baselines: {},
  secrets: [],
  seed: 1,
  attemptsBefore: {},
}
