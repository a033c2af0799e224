import type { Injection } from '#fault'
import type { CheckedExpectation } from './expectation.ts'

/** `inconclusive`: it says nothing, as it wasn't steady before, a fault didn't bite, or a check lacks what it needs. */
export type ExperimentOutcome = 'held' | 'broken' | 'inconclusive' | 'aborted'

/** Whether all was put back, and how that is known. */
export interface RollBack {
  readonly proven: boolean
  readonly detail: string
}

/** What came of one experiment. Plain data. */
export interface ExperimentResult {
  readonly name: string
  readonly outcome: ExperimentOutcome
  /** Why it is aborted or inconclusive. */
  readonly reason?: string
  readonly seed: number
  readonly expectations: readonly CheckedExpectation[]
  /** From the end of the last fault until answers were right again, in ms; `null` where that wasn't seen. */
  readonly recoveryMs: number | null
  readonly injections: readonly Injection[]
  readonly rollBack: RollBack
}

/** What the parts add up to. A broken promise is broken whatever else is missing. */
export function concluded(parts: {
  expectations: readonly CheckedExpectation[]
  injections: readonly Injection[]
  rollBack: RollBack
  aborted?: string
  unsound?: string
}): Pick<ExperimentResult, 'outcome' | 'reason'> {
  const { expectations, injections, rollBack, aborted, unsound } = parts
  if (aborted !== undefined) return { outcome: 'aborted', reason: aborted }
  if (unsound !== undefined) return { outcome: 'inconclusive', reason: unsound }
  if (expectations.some(({ outcome }) => outcome === 'broken')) return { outcome: 'broken' }
  if (!rollBack.proven)
    return { outcome: 'inconclusive', reason: `not proven rolled back: ${rollBack.detail}` }
  const idle = injections.find(({ bit }) => bit !== true)
  if (idle) return { outcome: 'inconclusive', reason: whyIdle(idle) }
  const open = expectations.find(({ outcome }) => outcome === 'inconclusive')
  if (open) return { outcome: 'inconclusive', reason: `${open.name}: ${open.observed}` }
  return { outcome: 'held' }
}

function whyIdle({ fault, target, window, bit, problem }: Injection): string {
  const what = `${fault}@${target}:${window}`
  if (problem !== undefined) return `${what} could not be put on: ${problem}`
  return bit === null ? `whether ${what} bit can't be known here` : `${what} did not bite`
}
