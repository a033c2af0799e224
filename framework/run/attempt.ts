import type { EpochMs } from '#core'
import type { HealthStatus } from '#health'
import type { JournalRecord } from '#journal'
import type { Strategy } from '#strategy'
import type { Needs } from '#topology'
import type { Exchange } from './exchange.ts'
import type { Signal } from './signal.ts'

/** A test as the host knows it before it runs. */
export interface TestDefinition {
  /** Stable over runs: file relative to the root, then the full title, joined by ` > `. */
  readonly id: string
  readonly name: string
  readonly file: string
  readonly needs: Needs
  /** False for a test marked optional; an optional test never decides. */
  readonly required: boolean
  /** `it.skip`: listed, never run. */
  readonly skipped: boolean
  /** Set on a `whenDegraded` variant: the service, and the test that it stands in for. */
  readonly variant?: { readonly whenDegraded: string; readonly insteadOf?: string }
}

/** One error of a failed attempt, in the order in which they came up. */
export interface AttemptError {
  readonly name: string
  readonly message: string
  readonly stack?: string
  /** Where the top frame outside libraries lies: test code, the application's checked-out code, a library, or unknown. */
  readonly frame?: 'test' | 'library' | 'unknown'
  readonly phase: 'set-up' | 'act' | 'assert' | 'tear-down'
}

/** One wait of `patiently`, with what each try met. */
export interface PatientRecord {
  readonly operation: string
  readonly limitMs: number
  readonly tries: readonly { readonly at: EpochMs; readonly durationMs: number; readonly failure?: string }[]
  readonly outcome: 'ok' | 'gave-up'
}

/** What the infrastructure did to one attempt, in numbers. */
export interface Impact {
  /** The health of each service that the test needs, when the attempt began and when it ended. */
  readonly startHealth: Readonly<Record<string, HealthStatus>>
  readonly endHealth: Readonly<Record<string, HealthStatus>>
  readonly changed: boolean
  /** More than 20 % slower than the baseline. */
  readonly slowed: boolean
  /** The share of attempts that passed is more than 5 points below the baseline. */
  readonly harmed: boolean
}

/** One execution of one test. */
export interface Attempt {
  readonly testId: string
  /** 1 for the first. */
  readonly n: number
  readonly outcome: 'passed' | 'failed'
  readonly startedAt: EpochMs
  readonly durationMs: number
  readonly strategy: Strategy
  readonly timeoutFactor: number
  /** `worker:<n>`, the process that ran it. */
  readonly worker: string
  readonly errors: readonly AttemptError[]
  readonly signals: readonly Signal[]
  readonly exchanges: readonly Exchange[]
  readonly patient: readonly PatientRecord[]
  /** A time limit that the test itself set and that ended it, in ms. */
  readonly ownTimeoutMs?: number
  /** A picture of the browser's page when the test failed: a file, as seen from the run's folder. */
  readonly screenshot?: string
  readonly impact?: Impact
}

/** A test that was not run because what it needs was down. */
export interface Blocked {
  readonly testId: string
  readonly at: EpochMs
  readonly blockedBy: readonly string[]
  readonly strategy: 'graceful-skip' | 'fail-fast'
}

/** A test that was left out: `it.skip`, or replaced by its `whenDegraded` variant. */
export interface Skipped {
  readonly testId: string
  readonly at: EpochMs
  readonly reason: 'marked' | 'replaced' | 'not-degraded'
}

export type DiscoveredRecord = JournalRecord<'test', TestDefinition>
export type AttemptStartedRecord = JournalRecord<
  'attempt-started',
  { readonly testId: string; readonly n: number; readonly worker: string }
>
export type AttemptRecord = JournalRecord<'attempt', Attempt>
export type BlockedRecord = JournalRecord<'blocked', Blocked>
export type SkippedRecord = JournalRecord<'skipped', Skipped>
