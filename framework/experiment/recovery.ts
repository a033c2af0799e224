import type { EpochMs } from '#core'
import type { OperationsOptions } from './expectation.ts'
import { type History, isCorrect } from './history.ts'

/** When a system counts as recovered. */
export interface RecoveryBound {
  /** From the moment when the last fault is off. */
  readonly withinMs: number
  /** Operations by which it is told: those that the fault hurts. All of them unless given. */
  readonly of?: OperationsOptions['of']
  /** For so long answers have to be right again; 1000 unless given. */
  readonly stableForMs?: number
  /** This share of them; 0.99 unless given. */
  readonly share?: number
}

/** A recovery that rests on fewer operations than this is none: they may have been lucky. */
const fewest = 3

/**
 * How long after `rolledBackAt` the first stretch of right answers began, in ms; `undefined` while there is none.
 * `until` is how far the history goes: a stretch that isn't over yet doesn't count.
 */
export function recoveryMsOf(
  { operations }: History,
  rolledBackAt: EpochMs,
  until: EpochMs,
  { of, stableForMs = 1000, share = 0.99 }: RecoveryBound,
): number | undefined {
  const names = of === undefined ? undefined : [of].flat()
  const after = operations
    .filter(({ startedAt, name }) => startedAt >= rolledBackAt && (!names || names.includes(name)))
    .toSorted((a, b) => a.startedAt - b.startedAt)
  const starts = [rolledBackAt, ...after.filter(isCorrect).map(({ startedAt }) => startedAt)]
  const from = starts.find((start) => {
    if (start + stableForMs > until) return false
    const within = after.filter(({ startedAt }) => startedAt >= start && startedAt < start + stableForMs)
    return within.length >= fewest && within.filter(isCorrect).length / within.length >= share
  })
  return from === undefined ? undefined : from - rolledBackAt
}
