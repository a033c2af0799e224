import { expect, test } from 'vitest'
import { type AlertHandler, createAlerts } from './alerts.ts'
import type { HealthChange } from './snapshot.ts'

const change = (since: number): HealthChange => ({
  target: 'database',
  vantage: 'app-side',
  status: 'unavailable',
  before: 'healthy',
  since,
})

/** Alerts with a short limit, and what they complain of. */
function alertsTo(...handlers: AlertHandler[]) {
  const troubles: string[] = []
  const alerts = createAlerts(handlers, { limitMs: 50, onTrouble: (text) => troubles.push(text) })
  return { alerts, troubles }
}

test('every handler is told of every change, in order', async () => {
  const told: string[] = []
  const { alerts } = alertsTo(
    async ({ since }) => void told.push(`a${since}`),
    ({ since }) => void told.push(`b${since}`),
  )
  alerts.notify(change(1))
  alerts.notify(change(2))
  await alerts[Symbol.asyncDispose]()
  expect(told.filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2'])
  expect(told.filter((text) => text.startsWith('b'))).toEqual(['b1', 'b2'])
})

test('a handler that throws is named and harms no other', async () => {
  const told: number[] = []
  const pager = () => {
    throw new Error('no route to the pager')
  }
  const { alerts, troubles } = alertsTo(pager, ({ since }) => void told.push(since))
  alerts.notify(change(1))
  await alerts[Symbol.asyncDispose]()
  expect(told).toEqual([1])
  expect(troubles).toEqual(['alert handler pager: no route to the pager'])
})

test('a handler that hangs is told to stop and gets the next change', async () => {
  const signals: AbortSignal[] = []
  const { alerts, troubles } = alertsTo((_change, signal) => {
    signals.push(signal)
    return new Promise(() => {})
  })
  alerts.notify(change(1))
  alerts.notify(change(2))
  await expect.poll(() => signals.length).toBe(2)
  expect(signals[0]?.aborted).toBe(true)
  expect(troubles[0]).toContain('deadline of 50 ms')
  await alerts[Symbol.asyncDispose]()
})

test('disposal drops what a handler that hangs did not come to', async () => {
  let begun = 0
  const { alerts } = alertsTo(() => {
    begun += 1
    return new Promise(() => {})
  })
  for (let since = 0; since < 100; since++) alerts.notify(change(since))
  await alerts[Symbol.asyncDispose]()
  expect(begun).toBeLessThan(10)
})
