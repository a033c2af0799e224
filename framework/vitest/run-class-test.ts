import type { TestContext } from 'vitest'
import { now, orAbort } from '#core'
import { TimeLimitMet, timeLimit } from '#run'
import type { Needs } from '#topology'
import { isSkip, SeveralErrors } from './errors.ts'
import { InfrastructureAwareTest, preparePowers, type TestClass } from './infrastructure-aware-test.ts'
import { scopeOf } from './scope-of.ts'

/** A class test that ran into its time limit. */
export class TestTimeLimit extends Error {
  readonly limitMs: number
  constructor(limitMs: number) {
    super(`Test timed out in ${limitMs}ms.`)
    this.name = 'TestTimeoutError'
    this.limitMs = limitMs
  }
}

/** What a class test gets after its body has met its limit, to put things away. */
const tearDownMs = 10_000

/** Runs one test of a class: `setUp`, the body and `tearDown`, within a limit that the strategy stretches. */
export async function runClassTest<T extends InfrastructureAwareTest>(
  Class: TestClass<T>,
  { context, timeout, needs }: { context: TestContext; timeout: number | undefined; needs: Needs },
  body: (t: T) => unknown,
): Promise<void> {
  const scope = scopeOf(context, needs)
  const limitMs = Math.round((timeout ?? Class.timeoutMs) * scope.choice.timeoutFactor)
  const setByTest = timeout !== undefined || Class.timeoutMs !== InfrastructureAwareTest.timeoutMs
  using limit = timeLimit('the test did not end', { limitMs, setByTest }, context.signal)
  const t = new Class({ scope, context, signal: limit.signal })
  const endsAt = now() + limitMs
  const within = async (work: Promise<void>) => {
    try {
      await orAbort(work, limit.signal)
      // A process that was kept from running finishes its work before it sees its timer.
      if (now() > endsAt) throw new TestTimeLimit(limitMs)
    } catch (error) {
      if (error !== limit.signal.reason || !(error instanceof TimeLimitMet)) throw error
      if (setByTest) scope.ownTimeout(limitMs)
      throw new TestTimeLimit(limitMs)
    }
  }
  const steps = async () => {
    scope.phase = 'set-up'
    await t[preparePowers]()
    await t.setUp()
    scope.phase = 'act'
    await body(t)
  }
  const errors: unknown[] = []
  const note = async (error: unknown) => {
    if (isSkip(error)) throw error
    errors.push(error)
    await scope.failing(error)
  }
  try {
    await within(steps()).catch(note)
  } finally {
    scope.bodyEnded()
    await orAbort(t.tearDown(), AbortSignal.timeout(tearDownMs)).catch(note)
  }
  if (errors.length > 1) throw new SeveralErrors(errors, 'the test and its tear-down failed')
  if (errors.length === 1) throw errors[0]
}
