import { now } from '#core'
import type { SignalPhase } from '#evidence'
import type { Attempt } from '#run'
import { bounded } from '../bounds.ts'
import { attemptError } from '../errors.ts'
import { signalsOf } from '../signals.ts'

/**
 * A failed attempt that no worker reported: the file couldn't be loaded, a hook of the block failed, or the worker was
 * lost.
 */
export function unreportedAttempt(told: {
  testId: string
  testFile: string
  n: number
  worker: string
  phase: SignalPhase
  errors: readonly unknown[]
  startedAt?: number
}): Attempt {
  const at = now()
  const startedAt = told.startedAt ?? at
  const thrown = told.errors.map((error) => ({ error, phase: told.phase, at }))
  return bounded({
    testId: told.testId,
    n: told.n,
    outcome: 'failed',
    startedAt,
    durationMs: at - startedAt,
    strategy: 'normal',
    timeoutFactor: 1,
    worker: told.worker,
    errors: thrown.map((one) => attemptError(one, told.testFile)),
    signals: signalsOf(thrown),
    exchanges: [],
    patient: [],
  })
}
