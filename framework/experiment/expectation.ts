import type { LinkName } from '#topology'
import type { ExperimentEvidence } from './evidence.ts'
import type { PhaseName } from './history.ts'

/** `inconclusive`: what is needed to say so is missing. */
export type CheckOutcome = 'held' | 'broken' | 'inconclusive'

/** What a check found. */
export interface Finding {
  readonly outcome: CheckOutcome
  /** What was seen, in the words and units of what was declared. */
  readonly observed: string
  /** One thing that was seen and should not have been. */
  readonly counterExample?: string
}

/** A promise, and the pure function that checks it. */
export interface Expectation {
  readonly name: string
  /** What is promised, with units. */
  readonly declared: string
  /** A link that must be watched for this check. */
  readonly link?: LinkName
  /** `phase`: where it looks unless it was told another. */
  check(evidence: ExperimentEvidence, phase: PhaseName): Finding
}

/** A promise with what came of it. Plain data. */
export interface CheckedExpectation extends Finding {
  readonly name: string
  readonly declared: string
}

/** What is common to expectations about operations. */
export interface OperationsOptions {
  /** Operations by name; all of them unless given. */
  readonly of?: string | readonly string[]
  readonly during?: PhaseName
}

/** Checks one promise. */
export function checked(
  expectation: Expectation,
  evidence: ExperimentEvidence,
  phase: PhaseName,
): CheckedExpectation {
  const { name, declared } = expectation
  return { name, declared, ...expectation.check(evidence, phase) }
}

/** ` of read, post`, or nothing for all. */
export function ofNames(names: OperationsOptions['of']): string {
  return names === undefined ? '' : ` of ${[names].flat().join(', ')}`
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`
}

export function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`
}
