import { expect, test } from 'vitest'
import type { RunEvidence } from '#evidence'
import { began, changeAt, evidenceOf, lookAt } from './evidence.test-data.ts'
import { healthLanes } from './health-lanes.ts'

const everySecond = Array.from({ length: 10 }, (_, index) => lookAt(index * 1000))

/** The lane of the link inside, in seconds since the begin. */
function laneOf(evidence: RunEvidence): string[] {
  const lane = healthLanes(evidence, { from: began, to: began + 10_000 }).find(
    ({ name }) => name === 'app/database',
  )
  return (lane?.spans ?? []).map(
    ({ from, to, status }) =>
      `${((from - began) / 1000).toFixed(1)}–${((to - began) / 1000).toFixed(1)} ${status}`,
  )
}

test('a status lasts until the next one, and the last until the end', () => {
  const health = [changeAt(1000, 'healthy'), changeAt(4000, 'unavailable')]
  expect(laneOf(evidenceOf({ observations: everySecond, health }))).toEqual([
    '0.0–1.0 unknown',
    '1.0–4.0 healthy',
    '4.0–10.0 unavailable',
  ])
})

test('more than three intervals without a look are a gap, whatever was seen before', () => {
  const observations = everySecond.filter(({ at }) => at <= began + 2000 || at >= began + 7000)
  expect(laneOf(evidenceOf({ observations, health: [changeAt(0, 'healthy')] }))).toEqual([
    '0.0–2.0 healthy',
    '2.0–7.0 gap',
    '7.0–10.0 healthy',
  ])
})

test('a look that hangs is no gap while it hangs', () => {
  const observations = [
    lookAt(0),
    lookAt(1000, { outcome: 'no-answer', phases: { totalMs: 6000 } }),
    lookAt(8000),
  ]
  expect(laneOf(evidenceOf({ observations, health: [changeAt(0, 'healthy')] }))).toEqual(['0.0–10.0 healthy'])
})

test('a declared link that nobody looked at is a gap from begin to end', () => {
  expect(laneOf(evidenceOf({}))).toEqual(['0.0–10.0 gap'])
})

test('the edge comes first', () => {
  expect(healthLanes(evidenceOf({}), { from: began, to: began + 1 }).map(({ name }) => name)).toEqual([
    'client/app',
    'app/database',
  ])
})
