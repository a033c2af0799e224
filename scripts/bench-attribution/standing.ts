import type { Label } from './label.ts'
import type { ScoredRun } from './scored-run.ts'

/** What became of what is wrong in a run, by its label and by whether anything failed; no verdict has a say. */
export type Standing =
  /** Something failed that the label explains. */
  | 'bitten'
  /** Nothing is wrong that a test could meet. */
  | 'sound'
  /** Something is wrong, and nothing failed: a fault that a sound application bears. */
  | 'borne'
  /** Nothing failed although the label says that something must. */
  | 'unbitten'
  /** No test meets this defect, alone either: what failed beside it says nothing of it. */
  | 'unmet'

/** Of each defect that was run while nothing else is wrong, whether some test met it. */
export function metDefects(runs: readonly ScoredRun[]): ReadonlyMap<string, boolean> {
  const met = new Map<string, boolean>()
  for (const { label, failed } of runs)
    if (isAlone(label)) met.set(label.defect!, failed || met.get(label.defect!) === true)
  return met
}

/** A defect's own cell: a fault in it is what the defect needs in order to show. */
function isAlone({ family, defect, faults }: Label): boolean {
  return defect !== null && (family === 'application' || faults.length === 0)
}

export function standingOf({ label, failed }: ScoredRun, met: ReadonlyMap<string, boolean>): Standing {
  const { truth, defect, bite } = label
  if (truth.class === 'none') return 'sound'
  const isExpected = bite === 'expected'
  // What wasn't run alone is met where its cell promises so.
  if (defect !== null && !(met.get(defect) ?? isExpected)) return isExpected ? 'unbitten' : 'unmet'
  if (failed) return 'bitten'
  return isExpected ? 'unbitten' : 'borne'
}
