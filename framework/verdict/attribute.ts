import { argumentOf, type Proposal } from './candidate.ts'
import type { Findings } from './findings/findings.ts'
import { hits, type Strike, standingOf } from './guards/guard.ts'
import { strikesOn } from './guards/index.ts'
import { proposalsFor } from './rules/registry.ts'
import type { Argument, Verdict } from './verdict.ts'

/** Infrastructure excuses, so it must lead clearly; the others need only not be level. */
const leadOf = { infrastructure: 0.3, application: 0.02, test: 0.02, inconclusive: 0 } as const

/** The verdict on one trouble: rules propose, guards strike, weights rank what is left. Never falls through to infrastructure. */
export function attribute(findings: Findings): Verdict {
  return pick(findings, proposalsFor(findings), strikesOn(findings))
}

/** Picks among proposals under the guards' strikes. */
export function pick(
  findings: Findings,
  proposals: readonly Proposal[],
  strikes: readonly Strike[],
): Verdict {
  const standing = standingOf(proposals, strikes)
  const ranked = standing.toSorted((a, b) => b.weight - a.weight)
  const top = ranked[0]
  if (!top) return inconclusive(findings, proposals, strikes)
  const rival = ranked.find((proposal) => proposal.class !== top.class)
  if (rival && top.weight - rival.weight < leadOf[top.class])
    return ambiguous(findings, top, rival, argumentsAgainst(proposals, standing, strikes))
  const agreeing = standing.filter(
    (proposal) => proposal.class === top.class && proposal.subject === top.subject,
  )
  return {
    class: top.class,
    scope: top.scope,
    subject: top.subject,
    reason: top.reason,
    confidence: round(confidenceOf(top, agreeing, rival)),
    tier: findings.tier,
    evidence: {
      for: agreeing.map(argumentOf),
      against: [
        ...standing.filter((proposal) => !agreeing.includes(proposal)).map(argumentOf),
        ...argumentsAgainst(proposals, standing, strikes),
      ],
    },
  }
}

/** Agreeing rules with grounds of their own close part of the distance to certainty; a rival opens it again. */
function confidenceOf(top: Proposal, agreeing: readonly Proposal[], rival: Proposal | undefined): number {
  if (top.class === 'inconclusive') return 0
  const isBacked = agreeing.some((proposal) => proposal !== top && !proposal.restates)
  const support = isBacked ? 0.5 * (1 - top.weight) : 0
  return Math.max(0, top.weight + support - (rival ? 0.25 * rival.weight : 0))
}

/** What the guards struck out, and why: only the strikes that hit a proposal. */
function argumentsAgainst(
  proposals: readonly Proposal[],
  standing: readonly Proposal[],
  strikes: readonly Strike[],
): Argument[] {
  const struck = proposals.filter((proposal) => !standing.includes(proposal))
  const hitting = strikes.filter((strike) => struck.some((proposal) => hits(strike, proposal)))
  return unique(
    hitting.map(({ guard, class: each, text }) => ({ rule: guard, text: `not ${each}: ${text}` })),
  )
}

/** Nothing is left: says what was struck, or what was missing. */
function inconclusive(
  findings: Findings,
  proposals: readonly Proposal[],
  strikes: readonly Strike[],
): Verdict {
  const { release, path, trouble, entryName } = findings
  const wrong = release.state === 'wrong' || release.state === 'changed'
  const unclear = [...path.flaws, ...path.gaps]
  const missing = strikes
    .filter((strike) => strike.subjects === undefined)
    .map(({ guard, class: each, text }) => ({ rule: guard, text: `not ${each}: ${text}` }))
  return {
    class: 'inconclusive',
    scope: null,
    subject: wrong ? entryName : trouble.target,
    reason: wrong
      ? release.state === 'wrong'
        ? 'wrong-release'
        : 'roll-out'
      : unclear.length > 0
        ? 'missing-data'
        : 'no-witness',
    confidence: 0,
    tier: findings.tier,
    evidence: {
      for: unique([...missing, ...unclear.map((text) => ({ rule: 'path', text }))]),
      against: proposals.map(argumentOf),
    },
  }
}

function ambiguous(
  { tier }: Findings,
  top: Proposal,
  rival: Proposal,
  against: readonly Argument[],
): Verdict {
  return {
    class: 'inconclusive',
    scope: null,
    subject: top.subject,
    reason: 'ambiguous',
    confidence: 0,
    tier,
    evidence: { for: [argumentOf(top), argumentOf(rival)], against },
  }
}

function unique(list: readonly Argument[]): Argument[] {
  return [...new Map(list.map((argument) => [`${argument.rule} ${argument.text}`, argument])).values()]
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
