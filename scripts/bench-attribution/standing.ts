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

/**
 * Of each defect that was run while nothing else is wrong, whether some test met it: in any of its runs, and a mutant in all of
 * them, since nobody has said of it that it must be met, and a busy machine may fail a test too.
 */
export function metDefects(runs: readonly ScoredRun[]): ReadonlyMap<string, boolean> {
  const alone = Map.groupBy(
    runs.filter(({ label }) => isAlone(label)),
    ({ label }) => label.defect!,
  )
  return new Map(
    [...alone].map(([defect, own]) => {
      const isMutant = own.some(({ label }) => label.family === 'mutant')
      return [defect, isMutant ? own.every(({ failed }) => failed) : own.some(({ failed }) => failed)]
    }),
  )
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
