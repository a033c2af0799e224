import type { Baseline, CoordinatorAddress } from '#run'
import type { StrategyPolicy } from '#strategy'

/** How to reach one dependency: past every fault, or by a link that faults act on. Connection URLs, secrets included. */
export interface ServiceAddress {
  readonly direct: string
  readonly throughLink: string
}

/** What the run's owner hands to test workers. Plain data. */
export interface WorkerSettings {
  /** Absent: nobody guides this run; tests run as on a good day. */
  readonly coordinator?: CoordinatorAddress
  /** Where clients reach the system under test. */
  readonly entry?: { readonly service: string; readonly url: string }
  /** By service name. */
  readonly addresses: Readonly<Record<string, ServiceAddress>>
  readonly policy: Pick<StrategyPolicy, 'retries' | 'retryDelayMs'>
  /** By test id. */
  readonly baselines: Readonly<Record<string, Baseline>>
  /** Values that never appear in what workers report. */
  readonly secrets: readonly string[]
  /** Where screenshots go; absent: none are taken. */
  readonly artifactsDir?: string
  /** The Chromium of `BrowserTest`; absent: Playwright's own. */
  readonly browser?: {
    readonly executablePath: string
    readonly args: readonly string[]
    readonly env?: Record<string, string>
  }
  /** Seed of the jitter of `patiently`. */
  readonly seed: number
}

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
