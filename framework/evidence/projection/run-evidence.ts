import type { EpochMs } from '#core'
import type { HealthChange } from '#health'
import type { Observation, RunnerSample } from '#probe'
import type { Attempt, Blocked, Skipped, TestDefinition } from '#run'
import type { Change, ControlArm } from './change.ts'
import type {
  PreFlight,
  ReadinessSaid,
  RecoveryWait,
  ReleaseSeen,
  Rerun,
  RunStarted,
  Tier,
} from './records.ts'

/** A value with the time of its record. */
export type At<Value> = Value & { readonly at: EpochMs }

/**
 * What judgement may know of a platform event. A stop on somebody's behalf reads like any other stop: there is no
 * field for who asked for it.
 */
export interface ServiceEvent {
  readonly at: EpochMs
  readonly service: string
  readonly event: 'started' | 'running' | 'exited' | 'stopped' | 'oom-killed'
  readonly incarnation: number
  readonly code: number | null
  readonly signal: string | null
}

export interface StartedAttempt {
  readonly at: EpochMs
  readonly testId: string
  readonly n: number
  readonly worker: string
}

/**
 * All that is known about a run, as judgement sees it: a typed projection of the journal from an allow-list of
 * record kinds. Plain JSON. What was injected has no place in it.
 */
export interface RunEvidence {
  readonly run: At<RunStarted>
  readonly tier: Tier
  readonly tests: readonly TestDefinition[]
  readonly started: readonly StartedAttempt[]
  readonly attempts: readonly Attempt[]
  readonly blocked: readonly Blocked[]
  readonly skipped: readonly Skipped[]
  readonly observations: readonly Observation[]
  readonly runnerSamples: readonly RunnerSample[]
  readonly serviceEvents: readonly ServiceEvent[]
  readonly health: readonly At<HealthChange>[]
  readonly preFlight: readonly At<PreFlight>[]
  readonly recoveryWaits: readonly RecoveryWait[]
  /** Claims of the entry: below T1 there are none. */
  readonly readiness: readonly ReadinessSaid[]
  readonly reruns: readonly Rerun[]
  readonly releases: readonly ReleaseSeen[]
  /** Null where the gate wasn't told what to compare with. */
  readonly change: Change | null
  /** Null where there is no known-good deployment, or nothing failed. */
  readonly controlArm: ControlArm | null
  /** Null while the run goes on, and for a run that was cut off. */
  readonly endedAt: EpochMs | null
}
