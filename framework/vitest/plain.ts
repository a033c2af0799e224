import type { Attempt, Blocked, RunGuide, Skipped, TestDefinition } from '#run'
import type { WorkerSettings } from '#run'

/** What one run of plain Vitest gave: in watch mode there are many. */
export interface PlainResults {
  readonly definitions: readonly TestDefinition[]
  readonly attempts: readonly Attempt[]
  readonly blocked: readonly Blocked[]
  readonly skipped: readonly Skipped[]
}

/** One sentence of judgement for people. */
export interface VerdictLine {
  readonly testId: string
  /** One line, without the test's name: `infrastructure: app/database was down (0.9)`. */
  readonly line: string
}

/**
 * What plain `vitest run`, watch mode and the Vitest UI need of the judging: an environment that is looked at, a guide
 * for its tests, and a word on each failure. Disposing it ends everything that it started.
 */
export interface PlainRun extends AsyncDisposable {
  /** For workers; the plugin adds the coordinator. */
  readonly provide: Omit<WorkerSettings, 'coordinator'>
  readonly guide: RunGuide
  /** Judges one run, as far as its evidence goes. Failures without a line have none. */
  judge(results: PlainResults, signal: AbortSignal): Promise<readonly VerdictLine[]>
}

/** Starts what a plain run needs. `root` is Vitest's. Rejects with a `FaultlineError` that the plugin shows. */
export type StartPlainRun = (options: {
  readonly root: string
  readonly signal: AbortSignal
}) => Promise<PlainRun>
