import type { RunEvidence } from '#evidence'
import { pick } from './attribute.ts'
import type { Proposal } from './candidate.ts'
import type { Findings } from './findings/findings.ts'
import { hits } from './guards/guard.ts'
import { strikesOn } from './guards/index.ts'
import { findingsIn } from './judge.ts'
import { proposalsFor, rules } from './rules/registry.ts'
import type { Verdict } from './verdict.ts'

/** How one verdict came about. */
export interface Examined {
  /** What the rules proposed. */
  readonly proposals: readonly Proposal[]
  /** Those that no guard struck out. */
  readonly standing: readonly Proposal[]
  readonly verdict: Verdict
}

/** How the verdict on each trouble of a run came about: for those who check or calibrate the rules. */
export function examine(evidence: RunEvidence): Examined[] {
  return findingsIn(evidence).map(examined)
}

/** The same for what the rules carry as their examples: what each must match, and what it must not. */
export function examineExamples(): Examined[] {
  return rules.flatMap((rule) => [rule.matches, rule.passesOver]).map(examined)
}

function examined(findings: Findings): Examined {
  const proposals = proposalsFor(findings)
  const strikes = strikesOn(findings)
  return {
    proposals,
    standing: proposals.filter((proposal) => !strikes.some((strike) => hits(strike, proposal))),
    verdict: pick(findings, proposals, strikes),
  }
}
