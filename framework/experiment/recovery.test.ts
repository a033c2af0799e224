import fc from 'fast-check'
import { expect, test } from 'vitest'
import { historyOf, operation } from './history.test-data.ts'
import { recoveryFinding, recoveryMsOf } from './recovery.ts'

const rolledBackAt = 2000
const bound = { withinMs: 5000, stableForMs: 1000 }

/** Ten operations a second that fail until `healthyFrom`. */
const brokenUntil = (healthyFrom: number, name = 'read') =>
  Array.from({ length: 60 }, (_, id) => {
    const startedAt = rolledBackAt + id * 100
    return operation({ id, name, startedAt, outcome: startedAt < healthyFrom ? 'failed' : 'ok' })
  })

test('a recovery is counted to the first operation from which all is right', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), (tenths) => {
      const history = historyOf(brokenUntil(rolledBackAt + tenths * 100))
      expect(recoveryMsOf(history, rolledBackAt, 20_000, bound)).toBe(tenths * 100)
    }),
  )
})

test('a stretch that isn’t over yet is no recovery', () => {
  const history = historyOf(brokenUntil(rolledBackAt))
  expect(recoveryMsOf(history, rolledBackAt, rolledBackAt + 999, bound)).toBeUndefined()
})

test('a system that fails once more hasn’t recovered before that', () => {
  const relapse = brokenUntil(rolledBackAt).map((one) =>
    one.id === 5 ? { ...one, outcome: 'unknown' as const } : one,
  )
  expect(recoveryMsOf(historyOf(relapse), rolledBackAt, 20_000, bound)).toBe(600)
})

test('degraded answers are no recovery', () => {
  const degraded = brokenUntil(rolledBackAt).map((one) => ({ ...one, degraded: 'cached' }))
  expect(recoveryMsOf(historyOf(degraded), rolledBackAt, 20_000, bound)).toBeUndefined()
})

test('silence of the load is no recovery', () => {
  expect(recoveryMsOf(historyOf([]), rolledBackAt, 20_000, bound)).toBeUndefined()
})

test('two right answers may have been lucky', () => {
  const few = brokenUntil(rolledBackAt).filter(({ id }) => id < 2)
  expect(recoveryMsOf(historyOf(few), rolledBackAt, 20_000, bound)).toBeUndefined()
})

test('where operations are named, others say nothing of the recovery', () => {
  const history = historyOf([...brokenUntil(4000, 'ask'), ...brokenUntil(rolledBackAt, 'read')])
  expect(recoveryMsOf(history, rolledBackAt, 20_000, { ...bound, of: 'ask' })).toBe(2000)
})

test('a recovery later than its bound breaks the promise', () => {
  expect(recoveryFinding(5001, bound).outcome).toBe('broken')
  expect(recoveryFinding(null, bound).outcome).toBe('broken')
  expect(recoveryFinding(5000, bound).outcome).toBe('held')
})
