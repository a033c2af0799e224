import type { Tier } from '#evidence'
import type { Attempt } from '#run'
import type { Trouble } from '../trouble.ts'
import type { View } from '../view.ts'
import { type ChangeFinding, readChange } from './change.ts'
import { type EdgeFinding, readEdge } from './edge.ts'
import { type EntryFinding, readEntry } from './entry.ts'
import { readOutages, type SeenOutage } from './outages.ts'
import { type Dependencies, type PathFinding, readDependencies, readPath } from './path.ts'
import { type ReleaseFinding, readRelease } from './release.ts'
import { type RerunFinding, readRerun } from './rerun.ts'
import { type RunnerFinding, readRunner } from './runner.ts'
import { readSlots, type SlotsFinding } from './slots.ts'
import { readSlow, type SlowLink, usualLooks } from './slow.ts'
import { type MisuseFinding, readMisuse, readTimeout, type TimeoutFinding } from './test-code.ts'

/** All that the evidence says of one trouble, as guards and rules read it. Plain data. */
export interface Findings {
  readonly trouble: Trouble
  readonly entryName: string
  readonly edgeName: string
  readonly tier: Tier
  readonly path: PathFinding
  /** How what the application requires looked app-side at that time. */
  readonly dependencies: Dependencies
  readonly outages: readonly SeenOutage[]
  /** Links on the path that answered much more slowly than usual. */
  readonly slow: readonly SlowLink[]
  /** A database that the application's side has filled. */
  readonly slots: SlotsFinding | null
  readonly entry: EntryFinding
  readonly edge: EdgeFinding
  readonly runner: RunnerFinding
  readonly misuse: MisuseFinding | null
  readonly timeout: TimeoutFinding | null
  readonly release: ReleaseFinding
  readonly change: ChangeFinding
  readonly rerun: RerunFinding
}

/** Reads everything about one trouble. */
export type Reader = (trouble: Trouble) => Findings

/** Prepares reading: what is the same for every trouble of a run is read once. */
export function readerOf(view: View): Reader {
  const release = readRelease(view)
  const usual = usualLooks()
  const byTest = Map.groupBy(view.evidence.attempts, (attempt) => attempt.testId)
  const attemptsOf = (testId: string): readonly Attempt[] => byTest.get(testId) ?? []
  return (trouble) => {
    const { window, path } = trouble
    const entry = readEntry(view, window)
    const exchange = trouble.kind === 'failure' ? trouble.exchange : null
    const delivered = exchange?.identity !== undefined || exchange?.producer === 'application'
    const claims = exchange?.claims ?? []
    const outages = readOutages(view, trouble, entry)
    return {
      trouble,
      entryName: view.entry,
      edgeName: view.edge,
      tier: view.evidence.tier,
      path: readPath(view, path, window, claims, delivered),
      dependencies: readDependencies(view, path, window, outages),
      outages,
      slow: readSlow(view, trouble, usual),
      slots: readSlots(view, trouble),
      entry,
      edge: readEdge(view, window),
      runner: readRunner(view, trouble),
      misuse: readMisuse(view, trouble),
      timeout: readTimeout(view, trouble),
      release,
      change: readChange(view, trouble),
      rerun: readRerun(view, trouble, attemptsOf),
    }
  }
}
