import { expect, test } from 'vitest'
import { overviewOf } from './overview.ts'
import type { HealthStatus } from './snapshot.ts'

function change(link: 'app/database' | 'auth/database', before: HealthStatus, status: HealthStatus) {
  return { target: 'database', vantage: 'app-side', link, before, status, since: 0 } as const
}

test('a target looked at over two links is as unwell as the worse of them', () => {
  const changes = [
    change('app/database', 'unknown', 'unavailable'),
    change('auth/database', 'unknown', 'healthy'),
  ]
  expect(overviewOf(changes)).toMatchObject([{ status: 'unavailable', worst: 'unavailable' }])
})

test('what recovered is well at the end, and its worst is kept', () => {
  const changes = [
    change('app/database', 'healthy', 'critical'),
    change('app/database', 'critical', 'healthy'),
  ]
  expect(overviewOf(changes)).toMatchObject([{ status: 'healthy', worst: 'critical' }])
})

test('that nobody had looked yet is no illness', () => {
  expect(overviewOf([change('app/database', 'unknown', 'healthy')])).toMatchObject([{ worst: 'healthy' }])
})
