import type { EpochMs } from '#core'
import type { Snapshot } from '#health'
import type { RunnerSample } from '#probe'
import type { StrategyChoice } from '#strategy'
import type { Needs } from '#topology'
import type { TestDefinition } from '../attempt.ts'
import type { WorkerSettings } from '../worker-settings.ts'

/** What a worker asks before the body of a test. */
export interface BeginRequest {
  readonly testId: string
  readonly needs: Needs
  /** Set when the test is a `whenDegraded` variant. */
  readonly variant?: TestDefinition['variant']
  /** Services whose `whenDegraded` variants stand in for this test while they are down. */
  readonly insteadOfBy?: readonly string[]
  /** `worker:<n>`. */
  readonly worker: string
  /** Which attempt this is, 1 for the first. */
  readonly n: number
}

/** How a test proceeds. `snapshot` is the health of everything at that moment; no targets when nobody knows. */
export type BeginReply =
  | { readonly kind: 'run'; readonly choice: StrategyChoice; readonly snapshot: Snapshot }
  | { readonly kind: 'blocked'; readonly choice: StrategyChoice }
  | { readonly kind: 'skip'; readonly reason: 'replaced' | 'not-degraded' }

/** How a test that needs nothing of its own proceeds as things stand: the same for all of them. */
export type StandingReply = Extract<BeginReply, { kind: 'run' }>

/** A test that began by the standing reply. */
export type Begun = Pick<BeginRequest, 'testId' | 'worker' | 'n'>

/** What a worker tells at the moment of failure. */
export interface FailureNotice {
  readonly testId: string
  readonly at: EpochMs
  /** Services that the test needs or was seen to use. */
  readonly services: readonly string[]
}

/** Spares tests that need nothing a question, which costs more than such a test. */
export interface Standing {
  /** Calls `listener` with the standing reply, now and whenever it changes; undefined while each test has to ask. */
  on(listener: (reply: StandingReply | undefined) => void): Disposable
  begun(test: Begun): void
}

/** The owner's side of a run: what test workers ask and tell. */
export interface RunGuide {
  /** What workers go by, told to each as it joins; absent where they were handed it as they started. */
  readonly settings?: WorkerSettings
  /** Before the body of a test: the moment at which its attempt begins, when the answer is to run. May wait for recovery. */
  begin(test: BeginRequest, signal: AbortSignal): Promise<BeginReply>
  /** Absent where each test has to ask. */
  readonly standing?: Standing
  /** At the moment of failure; resolves when the failure round has been taken, which the guide bounds. */
  failed(failure: FailureNotice, signal: AbortSignal): Promise<void>
  runnerSample(sample: RunnerSample): void
  /** The health of everything right now. */
  health(): Snapshot
}
