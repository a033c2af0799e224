import type { HandedSettings } from '#run'

/** {@link HandedSettings} and what the host itself adds. */
export interface ProvidedToWorkers extends HandedSettings {
  /** How many attempts each test has behind it, by test id: reruns count on. */
  readonly attemptsBefore: Readonly<Record<string, number>>
  /** How long a test file may take to load, in ms: one that waits for something at its top level may wait for ever. */
  readonly importLimitMs: number
}

declare module 'vitest' {
  interface ProvidedContext {
    faultline?: ProvidedToWorkers
  }
}

/** Ample on a starved machine. */
export const defaultImportLimitMs = 60_000

/** What a run without an owner goes by. */
export const unguidedSettings: ProvidedToWorkers = {
  addresses: {},
  policy: { retries: 3, retryDelayMs: 2000 },
  baselines: {},
  secrets: [],
  seed: 1,
  attemptsBefore: {},
  importLimitMs: defaultImportLimitMs,
}
