import { expect, test } from 'vitest'
import { restartsIn, type Sighting } from './restarts.ts'

/** One sighting a second: a letter an instance, a dot for none. */
const seen = (letters: string): Sighting[] =>
  [...letters].flatMap((instance, index) => (instance === '.' ? [] : [{ at: index * 1_000, instance }]))

test.each([
  ['one that lives on', 'aaaaaa', []],
  ['one that gave way to another', 'aaabbb', [{ from: 2_000, to: 3_000 }]],
  ['one that gave way after a long silence', `aaa${'.'.repeat(40)}b`, [{ from: 2_000, to: 43_000 }]],
  ['two that take turns', 'ababab', []],
  ['another that joins', 'aaabaabb', []],
  ['one of two that leaves', 'ababbbbb', []],
  ['one of two that is replaced', 'ababbbcbcb', [{ from: 2_000, to: 6_000 }]],
  ['another that joins long after one left', `abab${'b'.repeat(40)}cbcb`, []],
  [
    'two that are replaced one after the other',
    'ababcbcdcd',
    [
      { from: 2_000, to: 4_000 },
      { from: 5_000, to: 7_000 },
    ],
  ],
])('%s', (_what, letters, restarts) => {
  expect(restartsIn(seen(letters))).toEqual(restarts)
})

test('the same instance that began later than it said before has restarted', () => {
  const at = [1_000, 2_000, 3_000].map((when, index) => ({
    at: when,
    instance: 'a',
    startedAt: index < 2 ? 500 : 2_600,
  }))
  expect(restartsIn(at)).toEqual([{ from: 2_000, to: 3_000 }])
})

test('a clock that was set right by a little makes no restart', () => {
  const at = [1_000, 2_000].map((when, index) => ({ at: when, instance: 'a', startedAt: 500 + index * 300 }))
  expect(restartsIn(at)).toEqual([])
})
