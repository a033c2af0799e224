import type { FaultSpec } from '#fault'
import type { HealthChange } from '#health'
import type { RunFolder } from '#journal'
import type { HandedSettings, TestHost } from '#run'
import type { Settings, Variables } from '#settings'
import type { JudgedRun } from './judge-run.ts'

/** What a test host needs to know of the run that it serves. */
export interface HostRequest {
  readonly globs: readonly string[]
  readonly settings: Settings
  /** What goes to test workers. */
  readonly provide: HandedSettings
  /** Where what tests print is kept. */
  readonly logDir: string
  /** Called with the process id of every test process. */
  readonly onWorker: (worker: { readonly name: string; readonly pid: number }) => void
}

/** A host, and the processes that it runs tests in. */
export interface GateHost extends TestHost {
  workerPids(): number[]
}

/** Where a run has got to, for whoever watches it. */
export type GateProgress =
  | { readonly kind: 'environment'; readonly name: string; readonly ms: number }
  | { readonly kind: 'discovered'; readonly tests: number }
  | { readonly kind: 'waiting'; readonly down: readonly string[] }
  | {
      readonly kind: 'test'
      readonly id: string
      readonly outcome: 'passed' | 'failed' | 'blocked' | 'skipped'
      readonly durationMs?: number
      /** Which attempt it was, and how it proceeded; absent where none was made. */
      readonly attempt?: { readonly n: number; readonly strategy: string }
    }
  | { readonly kind: 'health'; readonly change: HealthChange }
  | { readonly kind: 'rerun'; readonly tests: number }
  /** Failures are run again by turns, here and on the known-good deployment. */
  | { readonly kind: 'control-arm'; readonly tests: number }

export interface GateRequest {
  readonly settings: Settings
  readonly variables: Variables
  readonly globs: readonly string[]
  /** The release that must be deployed. */
  readonly release?: string
  /** A ref of git: what has changed since then is evidence. */
  readonly base?: string
  readonly faults: readonly FaultSpec[]
  readonly createHost: (request: HostRequest) => GateHost
  readonly onProgress: (progress: GateProgress) => void
  readonly signal: AbortSignal
}

export interface GateResult {
  readonly run: RunFolder
  /** Absent where the run was cut short before its environment was up. */
  readonly judged?: JudgedRun
  /** Why the run ended before its end: the caller's interrupt, or a part that was lost. */
  readonly cutShortBy?: unknown
  /** Why the run isn't in the history, where there is one. */
  readonly historyTrouble?: string
}
