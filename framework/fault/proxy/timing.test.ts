import { expect, test } from 'vitest'
import { momentOf } from './timing.ts'
import { timingSchema } from './timing-schema.ts'

const at = (schedule: object, elapsedMs: number) => {
  const { schedule: parsed } = timingSchema.parse({ schedule })
  return momentOf(parsed!, { latency: 100, mode: 'x' }, elapsedMs)
}

test('a flap is on for its share of each period, and says when it changes', () => {
  const flap = { kind: 'flap', at: 10, period: 100, duty: 0.3 }
  expect([0, 10, 39, 40, 110].map((ms) => at(flap, ms))).toMatchObject([
    { active: false, nextInMs: 10 },
    { active: true, nextInMs: 30 },
    { active: true, nextInMs: 1 },
    { active: false, nextInMs: 70 },
    { active: true, nextInMs: 30 },
  ])
})

test('a one-shot is on once', () => {
  const oneshot = { kind: 'oneshot', at: 50, duration: 20 }
  expect([0, 50, 70].map((ms) => at(oneshot, ms))).toMatchObject([
    { active: false, nextInMs: 50 },
    { active: true, nextInMs: 20 },
    { active: false, nextInMs: Number.POSITIVE_INFINITY },
  ])
})

test('steps add up, each from its time on', () => {
  const steps = [
    { at: 10, attributes: { latency: 200 } },
    { at: 20, attributes: { mode: 'y' } },
  ]
  expect([0, 10, 20].map((ms) => at({ kind: 'step', steps }, ms))).toMatchObject([
    { attributes: { latency: 100, mode: 'x' }, nextInMs: 10 },
    { attributes: { latency: 200, mode: 'x' }, nextInMs: 10 },
    { attributes: { latency: 200, mode: 'y' }, nextInMs: Number.POSITIVE_INFINITY },
  ])
})

test('a ramp goes up, holds, and comes back', () => {
  const ramp = { kind: 'ramp', at: 100, duration: 1000, to: { latency: 300 }, hold: 500, back: 100 }
  const latencies = [0, 100, 600, 1100, 1599, 1650, 1700, 5000].map(
    (ms) => at(ramp, ms).attributes['latency'],
  )
  expect(latencies).toEqual([100, 100, 200, 300, 300, 200, 100, 100])
  expect([at(ramp, 0).nextInMs, at(ramp, 1200).nextInMs, at(ramp, 1700).nextInMs]).toEqual([
    100,
    400,
    Number.POSITIVE_INFINITY,
  ])
})
