import fc from 'fast-check'
import { expect, test } from 'vitest'
import { endOutages, joinOutage, noOutages, type OutageLedger } from './outage.ts'

const recoveryWaitMs = 100
const block = (ledger: OutageLedger, at: number, ...services: string[]) =>
  joinOutage(ledger, { services, at, recoveryWaitMs })

test('the first blocked test opens the wait', () => {
  expect(block(noOutages, 1000, 'database').waitUntil).toBe(1100)
})

test('who comes meanwhile shares the wait', () => {
  const { ledger } = block(noOutages, 1000, 'database')
  expect(block(ledger, 1050, 'database').waitUntil).toBe(1100)
})

test('after its end nobody waits for that outage again', () => {
  const { ledger } = block(noOutages, 1000, 'database')
  expect(block(ledger, 5000, 'database').waitUntil).toBe(1100)
})

test('a service that goes down during a wait shares it', () => {
  const { ledger } = block(noOutages, 1000, 'database')
  const joined = block(ledger, 1050, 'auth')
  expect(joined.waitUntil).toBe(1100)
  expect(joined.ledger).toMatchObject([{ services: ['database', 'auth'], since: 1000, waitUntil: 1100 }])
})

test('a service that goes down after the wait is an outage of its own', () => {
  const { ledger } = block(noOutages, 1000, 'database')
  expect(block(ledger, 5000, 'model').waitUntil).toBe(5100)
})

test('a test that two outages block waits for the later', () => {
  const { ledger } = block(noOutages, 1000, 'database')
  expect(block(ledger, 5000, 'database', 'model').waitUntil).toBe(5100)
})

const all = () => true
const none = () => false
const changed = (ledger: OutageLedger, at: number, isDown: (service: string) => boolean) =>
  endOutages(ledger, { isDown, at, calmMs: 50 })

test('after a recovery that lasts the next outage has a wait of its own', () => {
  const { ledger } = block(noOutages, 1000, 'database')
  const over = changed(changed(ledger, 1020, none), 4990, all)
  expect(over).toEqual(noOutages)
  expect(block(over, 5000, 'database').waitUntil).toBe(5100)
})

test('what comes back and goes again at once is waited for once', () => {
  const { ledger } = block(noOutages, 1000, 'app')
  let flapping = ledger
  for (let at = 1020; at < 2000; at += 40) flapping = changed(flapping, at, (at / 20) % 4 === 3 ? none : all)
  expect(block(flapping, 2000, 'app').waitUntil).toBe(1100)
})

test('an outage goes on while one of its services is down', () => {
  const { ledger } = block(noOutages, 1000, 'database', 'auth')
  const isAuth = (service: string) => service === 'auth'
  const rest = changed(changed(ledger, 1010, isAuth), 1060, isAuth)
  expect(rest).toEqual([{ services: ['auth'], backSince: {}, since: 1000, waitUntil: 1100 }])
})

test('however many tests are blocked, an outage without recovery is waited for once', () => {
  const anyTests = fc.array(
    fc.record({
      afterMs: fc.nat(200),
      services: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
    }),
  )
  fc.assert(
    fc.property(anyTests, (tests) => {
      let at = 0
      let ledger = noOutages
      const ends = new Set<number>()
      for (const { afterMs, services } of tests) {
        at += afterMs
        const joined = block(ledger, at, ...services)
        ledger = joined.ledger
        if (joined.waitUntil > at) ends.add(joined.waitUntil)
        expect(joined.waitUntil).toBeLessThanOrEqual(at + recoveryWaitMs)
      }
      // At most one wait for each of the three services.
      expect(ends.size).toBeLessThanOrEqual(3)
      expect(ledger.flatMap((outage) => outage.services).length).toBe(
        new Set(tests.flatMap(({ services }) => services)).size,
      )
    }),
  )
})
