import type { EpochMs } from '#core'
import type { SeenBefore } from '#report'

/** What a person said of a failure, against what the run had said. */
export interface Correction {
  readonly runId: string
  readonly testId: string
  readonly class: 'application' | 'infrastructure' | 'test'
  readonly why: string
  /** What the run had said; null where it had no verdict. */
  readonly said: string | null
  readonly at: EpochMs
}

/** A correction with the run's journal, as a case to learn from. */
export interface LabelledCase extends Correction {
  /** The journal's text, as the run wrote it: without secrets. */
  readonly journal: string
}

/** What is remembered of one test on one environment. */
export interface RememberedTest {
  readonly testId: string
  readonly environment: string
  readonly runs: number
  /** Mean time of a passing attempt, in ms; null where it never passed. */
  readonly durationMs: number | null
  /** Passed ÷ all attempts, 0–1. */
  readonly successShare: number
}

/** A failure that has been seen, and where. */
export interface RememberedFailure extends SeenBefore {
  readonly fingerprint: string
  /** The test that last failed so. */
  readonly testId: string
}
