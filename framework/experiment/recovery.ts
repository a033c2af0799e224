import { type EpochMs, now, sleep } from '#core'
import { type CheckedExpectation, milliseconds, type OperationsOptions } from './expectation.ts'
import { type History, isCorrect } from './history.ts'
import type { RunningLoad } from './load.ts'

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
  bound: RecoveryBound,
): number | undefined {
  const { of, share = 0.99 } = bound
  const stableForMs = stretchMsOf(bound)
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

/** For how long answers have to be right again, in ms. */
export function stretchMsOf({ stableForMs = 1000 }: RecoveryBound): number {
  return stableForMs
}

const lookEveryMs = 50

/** Waits until the load shows a recovery, and gives its time; `null` when none is seen within `limitMs`. */
export async function waitForRecovery(
  load: RunningLoad,
  {
    rolledBackAt,
    recovery,
    limitMs,
    signal,
  }: { rolledBackAt: EpochMs; recovery: RecoveryBound; limitMs: number; signal: AbortSignal },
): Promise<number | null> {
  for (;;) {
    // What is under way may still end badly.
    const open = load.underWay().filter((startedAt) => startedAt >= rolledBackAt)
    const seen = recoveryMsOf(load.history([]), rolledBackAt, Math.min(now(), ...open), recovery)
    if (seen !== undefined) return Math.round(seen)
    if (now() > rolledBackAt + limitMs) return null
    await sleep(lookEveryMs, signal)
  }
}

/** Whether a recovery came within its bound. */
export function recoveryFinding(recoveryMs: number | null, { withinMs }: RecoveryBound): CheckedExpectation {
  return {
    name: 'recovers',
    declared: `within ${milliseconds(withinMs)}`,
    outcome: recoveryMs !== null && recoveryMs <= withinMs ? 'held' : 'broken',
    observed: recoveryMs === null ? 'it was not seen to recover' : `after ${milliseconds(recoveryMs)}`,
  }
}
