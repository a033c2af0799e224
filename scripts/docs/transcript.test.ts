import { expect, test } from 'vitest'
import { mustFit, transcriptOf } from './transcript.ts'

test('what is typed is told from what is shown', () => {
  expect(transcriptOf('$ a\nsays\n\n$ b\n')).toEqual({ commands: 'a\nb', shown: ['says'] })
})

test('without a prompt all is typed', () => {
  expect(transcriptOf('a\nb\n')).toEqual({ commands: 'a\nb\n', shown: [] })
})

test('figures may differ, and what is left out may be anything', () => {
  expect(() =>
    mustFit('$ a\nat 10:20 … of 3 tests', 'more\nat 11:30:02 there were 17 of 4 tests\n'),
  ).not.toThrow()
})

test.each([
  ['is missing', 'one\nthree'],
  ['comes too early', 'two\none'],
])('a shown line that %s is found out', (_what, output) => {
  expect(() => mustFit('$ a\none\ntwo', output)).toThrow(/too early: two/)
})
