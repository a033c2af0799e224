import { expect, test } from 'vitest'
import type { Attempt } from '#run'
import { packed, unpacked } from './quiet-pass.ts'

const whose = { testId: 'a.test.ts > adds', worker: 'worker:7' }
const impact = { startHealth: {}, endHealth: {}, changed: false, slowed: false, harmed: false }
const quiet: Attempt = {
  ...{ ...whose, n: 2, outcome: 'passed', startedAt: 1_800_000_000_000, durationMs: 3 },
  ...{ strategy: 'normal', timeoutFactor: 1, errors: [], signals: [], exchanges: [], patient: [], impact },
}

test('a pass with nothing to tell is held as three numbers, and told again whole', () => {
  const held = packed(quiet, whose)
  expect(held).toEqual([2, 1_800_000_000_000, 3])
  expect(unpacked(held, whose)).toEqual(quiet)
})

test.each<[string, Partial<Attempt>]>([
  ['failed', { outcome: 'failed' }],
  ['was run conservatively', { strategy: 'conservative' }],
  ['had more time', { timeoutFactor: 1.5 }],
  ['threw', { errors: [{ name: 'Error', message: 'no', phase: 'act' }] }],
  ['met its own limit', { ownTimeoutMs: 5 }],
  ['left a picture', { screenshot: 'a.png' }],
  ['needs a service', { impact: { ...impact, startHealth: { app: 'healthy' } } }],
  ['was slowed', { impact: { ...impact, slowed: true } }],
  ['had a secret in its title', { testId: 'a.test.ts > adds •••' }],
])('an attempt that %s is held as it is', (_, change) => {
  const attempt = { ...quiet, ...change } as Attempt
  expect(packed(attempt, whose)).toBe(attempt)
  expect(unpacked(attempt, whose)).toBe(attempt)
})
