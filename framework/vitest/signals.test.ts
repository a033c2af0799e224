import { expect, test } from 'vitest'
import { TimeLimitMet } from '#run'
import { UnexpectedStatus } from './powers/http.ts'
import { isTransient, signalsOf } from './signals.ts'

const answered = (status: number) => new UnexpectedStatus('GET /', { status, text: '' })
const sql = (code: string) => Object.assign(new Error('no'), { code, severity: 'FATAL' })

test.each([
  [
    'a refused connection',
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
  ],
  ['a time limit', new TimeLimitMet('reply: no result', 5, { setByTest: true })],
  ['503', answered(503)],
  ['429', answered(429)],
  ['a database that shuts down', sql('57P01')],
  ['too many connections', sql('53300')],
])('%s may pass by itself', (_what, error) => {
  expect(isTransient(error)).toBe(true)
})

test.each([
  ['an unmet expectation', Object.assign(new Error('expected 1 to be 2'), { name: 'AssertionError' })],
  [
    'an expectation that mentions a refusal',
    Object.assign(new Error("expected 'ECONNREFUSED' to be 'ok'"), { name: 'AssertionError' }),
  ],
  ['404', answered(404)],
  ['401', answered(401)],
  ['a duplicate key', sql('23505')],
  ['a pool that the test ended', new Error('Cannot use a pool after calling end on the pool')],
  ['an error that says nothing we know', new Error('the answer is not there yet')],
  ['no error at all', undefined],
])('%s never does', (_what, error) => {
  expect(isTransient(error)).toBe(false)
})

test('signals keep the order, phase and time of their errors', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' })
  const signals = signalsOf([
    { error: refused, phase: 'set-up', at: 1 },
    { error: answered(503), phase: 'tear-down', at: 2 },
  ])
  expect(signals.map(({ code, phase, at }) => [code, phase, at])).toEqual([
    ['ECONNREFUSED', 'set-up', 1],
    ['503', 'tear-down', 2],
  ])
})
