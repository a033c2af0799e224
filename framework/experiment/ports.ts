import type { FaultSchedule, FaultSpec } from '#fault'
import type { Snapshot } from '#health'
import type { JournalSink } from '#journal'
import type { LinkName } from '#topology'
import type { LinkSample } from './evidence.ts'
import type { OpenClients } from './load.ts'
import type { ExperimentProgress } from './progress.ts'
import type { RollBack } from './result.ts'

/** What an experiment acts on and looks at. */
export interface ExperimentPorts {
  readonly openClients: OpenClients
  readonly faults: readonly FaultSpec[]
  /** A schedule of the faults, nothing of which is on yet. Throws FL4002 where faults aren't allowed. */
  createSchedule(): FaultSchedule
  /** Follows the application's side of these links until it is disposed. */
  watchLinks(links: readonly LinkName[]): AsyncDisposable & {
    samples(): Readonly<Record<LinkName, readonly LinkSample[]>>
  }
  health(): Snapshot
  /** Waits for services to be well, and gives those that aren't when the wait ends. */
  waitUntilWell(services: readonly string[], signal: AbortSignal): Promise<readonly string[]>
  proveRolledBack(): Promise<RollBack>
  readonly journal: JournalSink
  readonly onProgress: (progress: ExperimentProgress) => void
  readonly signal: AbortSignal
}
