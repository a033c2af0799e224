import { expect, test } from 'vitest'
import { findingOf, outcomeOfClose } from './families.ts'

function failure(code: string, more: object = {}): Error {
  return Object.assign(new Error(code), { code, ...more })
}

test.each([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'no-answer'],
  ['ETIMEDOUT', 'no-answer'],
  ['ECONNRESET', 'cut'],
  ['EPIPE', 'cut'],
  ['ENOTFOUND', 'name-gone'],
  ['EAI_AGAIN', 'name-gone'],
  ['CERT_HAS_EXPIRED', 'misconfigured'],
  ['EMFILE', 'misconfigured'],
])('%s is %s', (code, outcome) => {
  expect(findingOf(failure(code))).toMatchObject({ outcome, code })
})

test.each([
  ['57P03', 'unwell'],
  ['57P01', 'unwell'],
  ['53300', 'unwell'],
  ['28P01', 'auth'],
  ['28000', 'auth'],
  ['3D000', 'misconfigured'],
  ['08006', 'cut'],
  ['42501', 'misconfigured'],
])('SQLSTATE %s is %s', (code, outcome) => {
  expect(findingOf(failure(code, { severity: 'FATAL' }))).toMatchObject({ outcome, code })
})

test('ECONNREFUSED of a name server is name-gone', () => {
  expect(findingOf(failure('ECONNREFUSED', { syscall: 'queryA' })).outcome).toBe('name-gone')
})

test('of several addresses that failed the first speaks', () => {
  expect(findingOf(new AggregateError([failure('ECONNREFUSED'), failure('ENETUNREACH')]))).toMatchObject({
    outcome: 'refused',
    code: 'ECONNREFUSED',
  })
})

test('what was thrown and is no error says nothing of the target', () => {
  expect(findingOf('gibberish')).toEqual({ outcome: 'misconfigured', detail: 'gibberish' })
})

test.each([
  [1006, 'cut'],
  [1001, 'cut'],
  [1008, 'auth'],
  [1013, 'unwell'],
])('close code %i is %s', (code, outcome) => {
  expect(outcomeOfClose(code)).toBe(outcome)
})
