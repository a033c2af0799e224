import { expect, test } from 'vitest'
import type { Observation, Outcome } from '#probe'
import { gapIn, isDead } from './looks.ts'
import { outagesOf } from './outages.ts'

const spacing = { intervalMs: 100, gapMs: 300 }

function look(at: number, outcome: Outcome = 'ok', change: Partial<Observation> = {}): Observation {
  return {
    at,
    target: 'database',
    vantage: 'app-side',
    connection: 'new',
    outcome,
    phases: { totalMs: 1 },
    ...change,
  }
}

const every = (from: number, to: number, outcome: Outcome = 'ok') =>
  Array.from({ length: (to - from) / 100 }, (_, index) => look(from + index * 100, outcome))

const outages = (looks: readonly Observation[]) => outagesOf(looks, isDead, spacing)

test('an outage begins after the last good look and ends with the next one', () => {
  expect(outages([...every(0, 500), ...every(500, 800, 'refused'), ...every(800, 1_000)])).toMatchObject([
    { from: 400, to: 800, looks: 3, manner: 'down', recoveredAt: 800 },
  ])
})

test('an outage that nobody saw end lasts one interval more', () => {
  expect(outages([look(0), look(100, 'refused')])).toMatchObject([{ from: 0, to: 201, recoveredAt: null }])
})

test('bad looks on both sides of a gap are two outages', () => {
  const looks = [look(0), look(100, 'refused'), look(900, 'refused'), look(1_000)]
  expect(outages(looks).map(({ from, to }) => [from, to])).toEqual([
    [0, 201],
    [800, 1_000],
  ])
})

test('an outage of kept connections alone is one, though new ones go well', () => {
  const looks = [0, 100, 200, 300].flatMap((at) => [
    look(at),
    look(at, at === 100 || at === 200 ? 'cut' : 'ok', { connection: 'kept' }),
  ])
  expect(outages(looks)).toMatchObject([{ connections: ['kept'], looks: 2 }])
})

test('silence on most looks is called silent', () => {
  expect(outages([look(0), ...every(100, 500, 'no-answer'), look(500)])).toMatchObject([{ manner: 'silent' }])
})

test('a long look that got no answer isn’t a gap', () => {
  const looks = [look(0), look(100, 'no-answer', { phases: { totalMs: 2_000 } }), look(2_150)]
  expect(gapIn(looks, { from: 200, to: 1_500 }, 300)).toBeUndefined()
})

test('looks on both sides, near enough to each other, cover a short operation', () => {
  expect(gapIn([look(0), look(250)], { from: 100, to: 105 }, 300)).toBeUndefined()
})

test('a pause that is longer than a gap is one, though the operation is short', () => {
  expect(gapIn([look(0), look(900)], { from: 100, to: 105 }, 300)).toEqual({ from: 1, to: 900 })
})

test('without a look afterwards the last one must be at most one interval old', () => {
  expect(gapIn([look(0)], { from: 20, to: 80 }, 300)).toBeUndefined()
  expect(gapIn([look(0)], { from: 20, to: 250 }, 300)).toEqual({ from: 1, to: 250 })
})

test('a series without looks is a gap throughout', () => {
  expect(gapIn([], { from: 20, to: 80 }, 300)).toEqual({ from: 20, to: 80 })
})
