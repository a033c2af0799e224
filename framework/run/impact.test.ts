import { expect, test } from 'vitest'
import type { HealthStatus, Snapshot } from '#health'
import { impactOf } from './impact.ts'

const snapshot = (status: HealthStatus): Snapshot => ({
  at: 1,
  targets: [
    { target: 'database', vantage: 'runner', status: 'unknown', since: 0 },
    { target: 'database', vantage: 'app-side', status, since: 0 },
  ],
})

const measured = {
  needs: { database: 'required', model: 'optional' },
  start: snapshot('healthy'),
  end: snapshot('healthy'),
  durationMs: 100,
  successShare: 1,
  baseline: { durationMs: 100, successShare: 1 },
} as const

test('health is that of the application’s side, and unknown where nobody looked', () => {
  expect(impactOf(measured).startHealth).toEqual({ database: 'healthy', model: 'unknown' })
})

test('of several links to a service the worst counts', () => {
  const view = { target: 'database', vantage: 'app-side', since: 0 } as const
  const end: Snapshot = {
    at: 1,
    targets: [
      { ...view, link: 'auth/database', status: 'healthy' },
      { ...view, link: 'app/database', status: 'unavailable' },
    ],
  }
  expect(impactOf({ ...measured, end }).endHealth['database']).toBe('unavailable')
})

test('a change of health during the attempt is told', () => {
  expect(impactOf(measured).changed).toBe(false)
  expect(impactOf({ ...measured, end: snapshot('degraded') }).changed).toBe(true)
})

test('more than a fifth over the baseline is slowed', () => {
  expect(impactOf({ ...measured, durationMs: 120 }).slowed).toBe(false)
  expect(impactOf({ ...measured, durationMs: 121 }).slowed).toBe(true)
})

test('more than five points under the baseline is harmed', () => {
  expect(impactOf({ ...measured, successShare: 0.96 }).harmed).toBe(false)
  expect(impactOf({ ...measured, successShare: 0.94 }).harmed).toBe(true)
})

test('without a baseline nothing is slowed or harmed', () => {
  expect(impactOf({ ...measured, durationMs: 9999, successShare: 0, baseline: undefined })).toMatchObject({
    slowed: false,
    harmed: false,
  })
})
