import type { Tier } from '#evidence'
import type { JournalRecord } from '#journal'
import type { Label } from './label.ts'
import { type Outcome, outcomeAt, somethingFailed, tiers } from './outcome.ts'

/** A labelled run with all that its journal says, at every tier. */
export interface ScoredRun {
  readonly label: Label
  readonly outcomes: Readonly<Record<Tier, Outcome>>
  /** Whether any test failed or was blocked. */
  readonly failed: boolean
  /** From the end of a test's body until its record was written, in ms: what Faultline added to it. */
  readonly addedMs: { readonly failed: readonly number[]; readonly passed: readonly number[] }
}

/** Judges a labelled run from its journal; the label is passed on unread. */
export function scoreRun(label: Label, records: readonly JournalRecord[]): ScoredRun {
  const outcomes = Object.fromEntries(tiers.map((tier) => [tier, outcomeAt(records, tier)]))
  return {
    label,
    outcomes: outcomes as Record<Tier, Outcome>,
    failed: somethingFailed(records),
    addedMs: { failed: addedTo('failed', records), passed: addedTo('passed', records) },
  }
}

function addedTo(outcome: 'failed' | 'passed', records: readonly JournalRecord[]): number[] {
  return records.flatMap(({ kind, at, data }) => {
    if (kind !== 'attempt') return []
    const attempt = data as { outcome: string; startedAt: number; durationMs: number }
    return attempt.outcome === outcome ? [at - (attempt.startedAt + attempt.durationMs)] : []
  })
}
