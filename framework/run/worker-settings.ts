import type { StrategyPolicy } from '#strategy'
import type { CoordinatorAddress } from './coordinator/address.ts'
import type { Baseline } from './impact.ts'

/** How to reach one dependency: past every fault, or by a link that faults act on. Connection URLs, secrets included. */
export interface ServiceAddress {
  readonly direct: string
  readonly throughLink: string
}

/** What test workers go by. Plain data. */
export interface WorkerSettings {
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
    /** The whole environment of its process; absent: the worker's own. */
    readonly env?: Readonly<Record<string, string>>
  }
  /** Seed of the jitter of `patiently`. */
  readonly seed: number
}

/** What the run's owner hands to test workers as they start. */
export interface HandedSettings extends WorkerSettings {
  /** Absent: nobody guides this run; tests run as on a good day. */
  readonly coordinator?: CoordinatorAddress
}
