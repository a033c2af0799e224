import type { RunEvidence } from '#evidence'
import { pick } from './attribute.ts'
import type { Proposal } from './candidate.ts'
import type { Findings } from './findings/findings.ts'
import { standingOf } from './guards/guard.ts'
import { strikesOn } from './guards/index.ts'
import { findingsIn } from './judge.ts'
import { proposalsFor, rules } from './rules/registry.ts'
import type { Verdict } from './verdict.ts'
import { type Shifts, shifts } from './weights.ts'

/** How one verdict came about. */
export interface Examined {
  /** What the rules proposed. */
  readonly proposals: readonly Proposal[]
  /** Those that no guard struck out. */
  readonly standing: readonly Proposal[]
  readonly verdict: Verdict
}

/**
 * How the verdict on each trouble of a run came about, with the weights moved by `moved`: for those who check the rules, or, with
 * none moved, calibrate them.
 */
export function examine(evidence: RunEvidence, moved: Shifts = shifts): Examined[] {
  return findingsIn(evidence).map((findings) => examined(findings, moved))
}

/** The same for what the rules carry as their examples: what each must match, and what it must not. */
export function examineExamples(moved: Shifts = shifts): Examined[] {
  return rules.flatMap((rule) => [rule.matches, rule.passesOver]).map((findings) => examined(findings, moved))
}

function examined(findings: Findings, moved: Shifts): Examined {
  const proposals = proposalsFor(findings, moved)
  const strikes = strikesOn(findings)
  return {
    proposals,
    standing: standingOf(proposals, strikes),
    verdict: pick(findings, proposals, strikes),
  }
}
