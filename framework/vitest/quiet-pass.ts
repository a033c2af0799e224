import type { EpochMs } from '#core'
import type { Attempt } from '#run'

/**
 * An attempt that passed as on a good day and has nothing to tell. Vitest carries the meta of every test from process to process,
 * and most tests end so: what can be told again from the test itself is left out.
 */
export type QuietPass = readonly [n: number, startedAt: EpochMs, durationMs: number]

/** Whose attempt it is. */
type Whose = Pick<Attempt, 'testId' | 'worker'>

/** The attempt as a test's meta holds it. */
export function packed(attempt: Attempt, whose: Whose): Attempt | QuietPass {
  return isQuiet(attempt, whose) ? [attempt.n, attempt.startedAt, attempt.durationMs] : attempt
}

/** The attempt that was {@link packed}. */
export function unpacked(held: Attempt | QuietPass, { testId, worker }: Whose): Attempt {
  if (!isPacked(held)) return held
  const [n, startedAt, durationMs] = held
  return {
    ...{ testId, n, outcome: 'passed', startedAt, durationMs, strategy: 'normal', timeoutFactor: 1, worker },
    ...{ errors: [], signals: [], exchanges: [], patient: [] },
    impact: { startHealth: {}, endHealth: {}, changed: false, slowed: false, harmed: false },
  }
}

function isPacked(held: Attempt | QuietPass): held is QuietPass {
  return Array.isArray(held)
}

function isQuiet(attempt: Attempt, whose: Whose): boolean {
  const { testId, worker, n, startedAt, durationMs, outcome, strategy, timeoutFactor, ...more } = attempt
  const { errors, signals, exchanges, patient, ownTimeoutMs, screenshot, impact, ...unknown } = more
  // Whoever adds to an attempt decides here whether it is still quiet with it.
  unknown satisfies Record<string, never>
  const saysNothing = [errors, signals, exchanges, patient].every((list) => list.length === 0)
  return (
    testId === whose.testId &&
    worker === whose.worker &&
    outcome === 'passed' &&
    strategy === 'normal' &&
    timeoutFactor === 1 &&
    saysNothing &&
    ownTimeoutMs === undefined &&
    screenshot === undefined &&
    impact !== undefined &&
    Object.keys(impact.startHealth).length === 0 &&
    Object.keys(impact.endHealth).length === 0 &&
    !(impact.changed || impact.slowed || impact.harmed)
  )
}
