import { expect, test } from 'vitest'
import { createRandom, sleep } from '#core'
import type { PatientRecord } from './attempt.ts'
import { type PatienceContext, patiently } from './patiently.ts'
import { TimeLimitMet } from './time-limit.ts'

const quick = { limitMs: 1000, retries: 2, retryDelayMs: 1 }

function contextWith(changes: Partial<PatienceContext> = {}) {
  const records: PatientRecord[] = []
  const context: PatienceContext = {
    factor: 1,
    signal: new AbortController().signal,
    random: createRandom(1),
    isTransient: () => true,
    record: (record) => records.push(record),
    ...changes,
  }
  return { context, records }
}

/** Work that fails as often as there are errors, then gives `done`. */
function failing(...errors: Error[]) {
  return async () => {
    const error = errors.shift()
    if (error) throw error
    return 'done'
  }
}

test('gives what a later try gives, and records every try', async () => {
  const { context, records } = contextWith()
  expect(await patiently('reply', failing(new Error('first'), new Error('second')), quick, context)).toBe(
    'done',
  )
  expect(records).toMatchObject([{ operation: 'reply', outcome: 'ok' }])
  expect(records[0]?.tries.map(({ failure }) => failure)).toEqual(['first', 'second', undefined])
})

test('gives up with the last error after the retries, and says how many tries there were', async () => {
  const { context, records } = contextWith()
  const work = failing(new Error('1'), new Error('2'), new Error('3'), new Error('4'))
  await expect(patiently('reply', work, quick, context)).rejects.toThrow('3 (reply: 3 tries)')
  expect(records).toMatchObject([{ outcome: 'gave-up' }])
})

test('what can’t pass by itself is thrown as it is, at once', async () => {
  const { context, records } = contextWith({ isTransient: () => false })
  const error = new Error('expected 41 to be 42')
  await expect(patiently('reply', failing(error), quick, context)).rejects.toBe(error)
  expect(error.message).toBe('expected 41 to be 42')
  expect(records[0]?.tries).toHaveLength(1)
})

test('a try that doesn’t listen to its signal is given up at its limit, stretched by the factor', async () => {
  const { context, records } = contextWith({ factor: 2 })
  const signals: AbortSignal[] = []
  const endless = (signal: AbortSignal) => {
    signals.push(signal)
    return new Promise<never>(() => {})
  }
  const error = await patiently('reply', endless, { ...quick, limitMs: 10, retries: 1 }, context).catch(
    (e) => e,
  )
  expect(error).toBeInstanceOf(TimeLimitMet)
  expect(error).toMatchObject({ limitMs: 20, setByTest: true, name: 'TimeoutError' })
  expect(signals.map((signal) => signal.aborted)).toEqual([true, true])
  expect(records).toMatchObject([{ limitMs: 20, outcome: 'gave-up' }])
})

test('a limit that the test didn’t set isn’t its own', async () => {
  const { context } = contextWith({ factor: 0.002 })
  const error = await patiently('reply', () => new Promise(() => {}), { retries: 0 }, context).catch((e) => e)
  expect(error).toMatchObject({ setByTest: false })
})

test('the test’s end ends the patience, in a try and between tries', async () => {
  const inTry = new AbortController()
  const trying = patiently(
    'reply',
    (signal) => sleep(60_000, signal),
    quick,
    contextWith({ signal: inTry.signal }).context,
  )
  inTry.abort(new Error('over'))
  await expect(trying).rejects.toThrow('over')

  const between = new AbortController()
  const { context, records } = contextWith({ signal: between.signal })
  const waiting = patiently('reply', failing(new Error('once')), { ...quick, retryDelayMs: 60_000 }, context)
  await new Promise(setImmediate)
  between.abort(new Error('over'))
  await expect(waiting).rejects.toThrow('over')
  expect(records).toMatchObject([{ outcome: 'gave-up', tries: [{ failure: 'once' }] }])
})
