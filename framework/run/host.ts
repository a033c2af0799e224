import type { Attempt, Blocked, Skipped, TestDefinition } from './attempt.ts'

/** What a host reports while it runs. */
export interface HostEvents {
  /** Every attempt exactly once, also what no worker lived to tell. */
  attemptEnded(attempt: Attempt): void
  blocked(blocked: Blocked): void
  skipped(skipped: Skipped): void
}

/**
 * The port through which the gate drives a test runner. The host runs tests; it decides nothing.
 * Every method rejects with `FL5001` when the runner itself fails.
 */
export interface TestHost extends AsyncDisposable {
  /** Lists the tests that the globs select, without running them. A file that can't be loaded is one failed test. */
  discover(signal: AbortSignal): Promise<readonly TestDefinition[]>
  /** Runs everything that `discover` listed. */
  run(events: HostEvents, signal: AbortSignal): Promise<void>
  /** Runs these once more, in the unit that their hooks and order need. */
  rerun(testIds: readonly string[], events: HostEvents, signal: AbortSignal): Promise<void>
}
