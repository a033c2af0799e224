import type { Bite, Decidable, Truth } from './label.ts'

/** One combination of what is wrong, declared with what is true of it before it is run. */
export interface Cell {
  /** Unique; for people. */
  readonly name: string
  readonly family: Family
  /** What is wrong with the change, as it is counted: one entry however many cells it stands in. */
  readonly defect: string | null
  readonly truth: Truth
  readonly decidable: Decidable
  readonly bite: Bite
  /** Faults, as `--inject` takes them. */
  readonly faults: readonly string[]
  /** Names for FIXTURE_DEFECTS. */
  readonly defects: readonly string[]
  /** The mutant that is switched on. */
  readonly mutant?: string
  /** Test files under suites/attribution; the configuration's own unless given. */
  readonly files?: readonly string[]
}

export type Family =
  | 'infrastructure'
  | 'application'
  | 'test'
  | 'compound'
  | 'look-alike'
  | 'healthy'
  | 'mutant'

export const everyTier: Decidable = { T0: true, T1: true, T2: true, T3: true }
/** Behind the application: without the agent nobody sees it. */
export const withAgent: Decidable = { T0: false, T1: false, T2: true, T3: true }
/** Only the platform knows. */
export const withPlatform: Decidable = { T0: false, T1: false, T2: false, T3: true }
export const never: Decidable = { T0: false, T1: false, T2: false, T3: false }

export const nothing: Truth = { class: 'none', scope: null, subjects: [], defect: false }
export const applicationDefect: Truth = { class: 'application', scope: null, subjects: ['app'], defect: true }
export const testDefect: Truth = { class: 'test', scope: null, subjects: [], defect: true }

export function environmentFault(...subjects: readonly string[]): Truth {
  return { class: 'infrastructure', scope: 'environment', subjects, defect: false }
}

export const runnerFault: Truth = {
  class: 'infrastructure',
  scope: 'runner',
  subjects: ['runner'],
  defect: false,
}
