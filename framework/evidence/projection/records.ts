/**
 * The record kinds that the session writes and that judgement reads, in one place. With the records that the
 * stages to the left declare themselves (`observation`, `runner-sample`, `health`, `test`, `attempt-started`, `attempt`,
 * `blocked`, `skipped`) and `platform-event`, they are all that a verdict is made from.
 */
import type { EpochMs } from '#core'
import type { JournalRecord } from '#journal'
import type { Topology } from '#topology'

/**
 * Which keys the evidence has. T0: the runner's looks only. T1: also what the application says of itself. T2: also
 * the agent's looks from the application's side. T3: also what the platform tells of its services.
 */
export type Tier = 'T0' | 'T1' | 'T2' | 'T3'

/** What the policy says about judging; the rest of the policy has no part in it. */
export interface JudgingPolicy {
  /** Fewer tests than this, and the run tells nothing. At least 1. */
  readonly minimumTests: number
  /** How many times in a row a victim must pass after the recovery before it is cleared. */
  readonly passesToClear: number
  /** What a failure that passes again, with nothing ever seen, does to the decision. */
  readonly raceSuspected: 'undecided' | 'block'
}

/** The first record of a run. */
export interface RunStarted {
  readonly id: string
  /** The folder that test ids are relative to. */
  readonly root: string
  readonly environment: string
  readonly topology: Topology
  readonly policy: JudgingPolicy
  /** The build that should be deployed, when the gate was told. */
  readonly release?: string
  /** The most that this environment can know. */
  readonly tierCeiling: Tier
  /** How often each path is looked at while suites run. */
  readonly intervalMs: number
}

/** How the wait before the suites ended. `at` of the record is when it ended. */
export interface PreFlight {
  readonly ready: boolean
  readonly waitedMs: number
  /** Services that were not up when the wait ended. */
  readonly down: readonly string[]
}

/** One wait for services to recover: the only one of their outage. */
export interface RecoveryWait {
  readonly from: EpochMs
  readonly to: EpochMs
  readonly services: readonly string[]
  readonly recovered: boolean
}

/** What the entry said of itself when it was asked whether it is ready, while something that it requires was seen down. */
export interface ReadinessSaid {
  readonly at: EpochMs
  readonly tookMs: number
  /** The HTTP status; null when no answer came. */
  readonly status: number | null
}

/** The start of one more round for tests that failed. */
export interface Rerun {
  /** 1 for the first. */
  readonly round: number
  readonly testIds: readonly string[]
  readonly at: EpochMs
  /** Whether everything that these tests need was seen healthy when the round began. Never trusted alone. */
  readonly healthyBefore: boolean
}

/** A build of the entry that answered, written when it is first seen. */
export interface ReleaseSeen {
  readonly build: string
  readonly instance?: string
  readonly at: EpochMs
}

/** The last record of a run that ended by itself. */
export interface RunEnded {
  readonly at: EpochMs
}

export type RunStartedRecord = JournalRecord<'run-started', RunStarted>
export type PreFlightRecord = JournalRecord<'pre-flight', PreFlight>
export type RecoveryWaitRecord = JournalRecord<'recovery-wait', RecoveryWait>
export type ReadinessRecord = JournalRecord<'readiness', ReadinessSaid>
export type RerunRecord = JournalRecord<'rerun', Rerun>
export type ReleaseSeenRecord = JournalRecord<'release-seen', ReleaseSeen>
export type RunEndedRecord = JournalRecord<'run-ended', RunEnded>
