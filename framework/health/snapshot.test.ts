import { expect, test } from 'vitest'
import type { LinkName } from '#topology'
import { type HealthStatus, type Snapshot, statusOf, type TargetHealth, worse } from './snapshot.ts'

function view(
  target: string,
  vantage: TargetHealth['vantage'],
  link: LinkName,
  status: HealthStatus,
): TargetHealth {
  return { target, vantage, link, status, since: 0 }
}

const snapshot: Snapshot = {
  at: 0,
  targets: [
    view('app', 'runner', 'client/app', 'degraded'),
    view('app', 'app-side', 'client/app', 'healthy'),
    view('database', 'runner', 'app/database', 'unavailable'),
    view('database', 'app-side', 'app/database', 'healthy'),
    view('database', 'app-side', 'auth/database', 'recovering'),
  ],
}

test('the entry has the status that its clients see', () => {
  expect(statusOf(snapshot, 'app', 'app')).toBe('degraded')
})

test('a service behind it has the worst status that is seen from beside the application', () => {
  expect(statusOf(snapshot, 'database', 'app')).toBe('recovering')
})

test('what nobody looked at is unknown', () => {
  expect(statusOf(snapshot, 'model', 'app')).toBe('unknown')
})

test('unknown is worse than healthy and better than any known trouble', () => {
  expect([worse('unknown', 'healthy'), worse('unknown', 'recovering')]).toEqual(['unknown', 'recovering'])
})
