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

/** The defects that some test meets while nothing else is wrong. */
export function metDefects(runs: readonly ScoredRun[]): ReadonlySet<string> {
  return new Set(
    runs.filter(({ label, failed }) => failed && isAlone(label)).map(({ label }) => label.defect!),
  )
}

/** A defect's own cell: a fault in it is what the defect needs in order to show. */
function isAlone({ family, defect, faults }: Label): boolean {
  return defect !== null && (family === 'application' || faults.length === 0)
}

export function standingOf({ label, failed }: ScoredRun, met: ReadonlySet<string>): Standing {
  if (label.truth.class === 'none') return 'sound'
  if (label.defect !== null && !met.has(label.defect)) return label.bite === 'expected' ? 'unbitten' : 'unmet'
  if (failed) return 'bitten'
  return label.bite === 'expected' ? 'unbitten' : 'borne'
}
