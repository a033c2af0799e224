import type { Argument, Verdict } from './verdict.ts'

/** A verdict that a rule proposes; guards may strike it out. */
export interface Candidate {
  readonly class: Verdict['class']
  readonly scope: Verdict['scope']
  readonly subject: string
  readonly reason: string
  /** 0–1: how strongly its facts speak for it. */
  readonly weight: number
  /** What it rests on, as sentences. */
  readonly because: string
  /** Only says what every rule of its class rests on: it is evidence to read, and makes no other surer. */
  readonly restates?: true
}

/** A candidate with the rule that made it. */
export interface Proposal extends Candidate {
  readonly rule: string
}

export function argumentOf(proposal: Proposal): Argument {
  return { rule: proposal.rule, text: proposal.because, weight: proposal.weight }
}
