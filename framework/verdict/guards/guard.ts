import type { Candidate } from '../candidate.ts'
import type { Findings } from '../findings/findings.ts'
import type { VerdictClass } from '../verdict.ts'

export type GuardId = 'G1' | 'G2' | 'G3' | 'G4' | 'G5' | 'G6' | 'G7' | 'G8'

/** What may not be said, and why. */
export interface Strike {
  readonly guard: GuardId
  readonly class: VerdictClass
  /** Only these subjects; every subject when absent. */
  readonly subjects?: readonly string[]
  /** Every subject but these. */
  readonly except?: readonly string[]
  readonly text: string
}

/** Reads findings and strikes out; it never proposes anything. */
export type Guard = (findings: Findings) => readonly Strike[]

/** The proposals that no strike hits. */
export function standingOf<Each extends Pick<Candidate, 'class' | 'subject'>>(
  proposals: readonly Each[],
  strikes: readonly Strike[],
): Each[] {
  return proposals.filter((proposal) => !strikes.some((strike) => hits(strike, proposal)))
}

/** Whether a strike hits a candidate. */
export function hits(strike: Strike, candidate: Pick<Candidate, 'class' | 'subject'>): boolean {
  return (
    strike.class === candidate.class &&
    (strike.subjects?.includes(candidate.subject) ?? true) &&
    !strike.except?.includes(candidate.subject)
  )
}
