import type { EpochMs, ExitCode, Interval } from '#core'
import type { Decision, KnownIssueUse, Reason } from '#decision'
import type { Change, ControlArm, Signal } from '#evidence'
import type { HealthOverview } from '#health'
import type { Tier, Verdict } from '#verdict'

export interface ReportInjection {
  readonly fault: string
  readonly target: string
  /** As it was asked for: `0s-6s`, `5s-`, `before`. */
  readonly window: string
  /** Whether it was seen to change anything; null where nothing can tell. */
  readonly bit: boolean | null
}

export interface ReportIncident {
  readonly id: string
  readonly verdict: Verdict
  /** Ids of the tests that it failed or blocked. */
  readonly tests: readonly string[]
  readonly window: Interval
}

export interface ReportAttempt {
  readonly n: number
  readonly outcome: 'passed' | 'failed'
  readonly startedAt: EpochMs
  readonly durationMs: number
  readonly strategy: string
  readonly signals: readonly Signal[]
  /** What the failure is recognised by in other runs; null for an attempt that passed. */
  readonly fingerprint: string | null
  readonly verdict: Verdict | null
}

export interface ReportTest {
  readonly id: string
  readonly name: string
  readonly file: string
  readonly required: boolean
  /** The last attempt's. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'blocked'
  /** It failed by infrastructure that recovered, and the rerun passed. */
  readonly cleared: boolean
  /** Services that were down when it should have run. */
  readonly blockedBy: readonly string[]
  /** How it was last run, or why it was not. */
  readonly strategy: string | null
  /** The incident that the last failed attempt, or the block, belongs to. */
  readonly incident: string | null
  readonly attempts: readonly ReportAttempt[]
  /** The last failed attempt's. */
  readonly verdict: Verdict | null
}

/** Earlier runs with a failure like one of this run. Never an argument. */
export interface SeenBefore {
  readonly runs: number
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
  /** How often each class was the verdict. */
  readonly verdicts: Readonly<Record<string, number>>
}

/** A run, as `--json` writes it: `schema/run.json` describes it for other languages. */
export interface RunReport {
  readonly schema: 'faultline.run/1'
  readonly runId: string
  readonly decision: Decision
  readonly exitCode: ExitCode
  /** The gravest first. */
  readonly reasons: readonly Reason[]
  readonly tier: Tier
  readonly startedAt: EpochMs
  readonly durationMs: number
  readonly environment: string
  /** The build that answered, if any did. */
  readonly release: string | null
  readonly health: readonly HealthOverview[]
  readonly injections: readonly ReportInjection[]
  /** What `--base` was compared with; null without it. */
  readonly change: Change | null
  /** What a known-good deployment showed; null where there is none, or nothing failed. */
  readonly controlArm: ControlArm | null
  /** Every entry of the file of known issues, and what became of it. */
  readonly knownIssues: readonly KnownIssueUse[]
  /** When failures like those of this run were seen before, by fingerprint; empty where history is off. */
  readonly seenBefore: Readonly<Record<string, SeenBefore>>
  readonly incidents: readonly ReportIncident[]
  readonly tests: readonly ReportTest[]
}
