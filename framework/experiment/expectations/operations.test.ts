import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evidenceOf, operation } from '../history.test-data.ts'
import {
  admittedShare,
  answeredInTime,
  answeredShare,
  correctShare,
  latency,
  usefulShare,
} from './operations.ts'

const anyOutcomes = fc.array(fc.constantFrom('ok' as const, 'failed' as const, 'unknown' as const), {
  minLength: 1,
  maxLength: 50,
})

test('the useful share is held exactly where at least that share was answered', () => {
  fc.assert(
    fc.property(anyOutcomes, fc.double({ min: 0, max: 1, noNaN: true }), (outcomes, atLeast) => {
      const operations = outcomes.map((outcome, id) => operation({ id, outcome }))
      const failures = outcomes.filter((outcome) => outcome !== 'ok').length
      const { outcome } = usefulShare({ atLeast }).check(evidenceOf(operations), 'fault')
      expect(outcome).toBe(1 - failures / outcomes.length >= atLeast ? 'held' : 'broken')
    }),
  )
})

test('only operations that were due in the phase count', () => {
  const operations = [operation({ startedAt: 999, outcome: 'failed' }), operation({ startedAt: 1000 })]
  expect(usefulShare({ atLeast: 1 }).check(evidenceOf(operations), 'fault')).toEqual({
    outcome: 'held',
    observed: '100 % of 1',
  })
  expect(usefulShare({ atLeast: 1 }).check(evidenceOf(operations), 'baseline').outcome).toBe('broken')
  expect(usefulShare({ atLeast: 1, during: 'baseline' }).check(evidenceOf(operations), 'fault').outcome).toBe(
    'broken',
  )
})

test('a share of no operation is inconclusive', () => {
  expect(usefulShare({ atLeast: 0.5, of: 'post' }).check(evidenceOf([operation()]), 'fault').outcome).toBe(
    'inconclusive',
  )
})

test('an answer that says it is less than asked for is useful, and not correct', () => {
  const operations = [operation({ degraded: 'cached' })]
  expect(usefulShare({ atLeast: 1 }).check(evidenceOf(operations), 'fault').outcome).toBe('held')
  expect(correctShare({ atLeast: 1 }).check(evidenceOf(operations), 'fault').outcome).toBe('broken')
})

test('a refusal in time is an answer, and silence is none however short', () => {
  const refused = operation({ outcome: 'failed', detail: '503', latencyMs: 90 })
  const silent = operation({ id: 2, outcome: 'unknown', detail: 'ECONNRESET', latencyMs: 5 })
  expect(answeredInTime({ withinMs: 100 }).check(evidenceOf([refused]), 'fault').outcome).toBe('held')
  expect(answeredInTime({ withinMs: 80 }).check(evidenceOf([refused]), 'fault').outcome).toBe('broken')
  expect(answeredInTime({ withinMs: 100 }).check(evidenceOf([refused, silent]), 'fault')).toMatchObject({
    outcome: 'broken',
    counterExample: 'operation 2 read: unknown (ECONNRESET) after 5 ms',
  })
})

test('latency is that of useful answers', () => {
  const operations = [
    ...Array.from({ length: 99 }, (_, id) => operation({ id, latencyMs: 10 })),
    operation({ id: 99, latencyMs: 400 }),
    operation({ id: 100, latencyMs: 5000, outcome: 'failed' }),
  ]
  expect(latency({ p50Ms: 20, p99Ms: 50 }).check(evidenceOf(operations), 'fault').outcome).toBe('held')
  expect(latency({ p50Ms: 5 }).check(evidenceOf(operations), 'fault')).toMatchObject({
    outcome: 'broken',
    counterExample: expect.stringContaining('after 400 ms'),
  })
})

test('who is cut off or left waiting has no answer, and who is refused has one', () => {
  const refused = operation({ outcome: 'failed', detail: '503' })
  const cut = operation({ outcome: 'unknown', detail: 'ECONNRESET' })
  expect(answeredShare({ atLeast: 1 }).check(evidenceOf([operation(), refused]), 'fault').outcome).toBe(
    'held',
  )
  expect(answeredShare({ atLeast: 1 }).check(evidenceOf([operation(), cut]), 'fault').outcome).toBe('broken')
})

test('an answer that pretends to be whole admits nothing', () => {
  const marked = operation({ degraded: 'not ready' })
  expect(admittedShare({ atLeast: 0.5 }).check(evidenceOf([marked, operation()]), 'fault').outcome).toBe(
    'held',
  )
  expect(admittedShare({ atLeast: 0.5 }).check(evidenceOf([operation()]), 'fault').outcome).toBe('broken')
})
