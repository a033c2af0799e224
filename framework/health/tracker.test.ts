import { expect, test } from 'vitest'
import { lookAt } from './look.test-data.ts'
import { thresholdsFor } from './thresholds.ts'
import { createHealthTracker } from './tracker.ts'

const limits = thresholdsFor(100, 0)
const view = { target: 'database', link: 'app/database', vantage: 'app-side' } as const

test('an expected view is unknown until somebody looks', () => {
  const tracker = createHealthTracker(limits)
  tracker.expect([view], 5)
  expect(tracker.snapshot(6)).toEqual({ at: 6, targets: [{ ...view, status: 'unknown', since: 5 }] })
})

test('a change of health is told once, with what it was before', () => {
  const tracker = createHealthTracker(limits)
  const bad = { outcome: 'refused' } as const
  const changes = [lookAt(0), lookAt(100, bad), lookAt(200, bad), lookAt(300, bad)].map(tracker.observe)
  expect(changes).toEqual([
    { ...view, status: 'healthy', before: 'unknown', since: 0 },
    undefined,
    { ...view, status: 'unavailable', before: 'healthy', since: 200, reason: 'refused' },
    undefined,
  ])
})

test('each link and vantage has a health of its own', () => {
  const tracker = createHealthTracker(limits)
  tracker.observe(lookAt(0))
  tracker.observe(lookAt(0, { link: 'auth/database' }))
  tracker.observe(lookAt(0, { vantage: 'service-side' }))
  expect(tracker.snapshot(1).targets).toHaveLength(3)
})

test('silence is a change to unknown, told once', () => {
  const tracker = createHealthTracker(limits)
  tracker.observe(lookAt(0))
  expect(tracker.age(300)).toEqual([])
  expect(tracker.age(301)).toMatchObject([{ status: 'unknown', before: 'healthy' }])
  expect(tracker.age(400)).toEqual([])
})

test('a snapshot says unknown after silence, also when nobody let time pass', () => {
  const tracker = createHealthTracker(limits)
  tracker.observe(lookAt(0))
  expect(tracker.snapshot(301).targets).toMatchObject([{ status: 'unknown' }])
})
