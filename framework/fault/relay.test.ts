import { expect, test } from 'vitest'
import type { LedgerSummary } from './proxy/index.ts'
import { bitByRelay } from './relay.ts'

const none: LedgerSummary = {
  ...{ accepted: 0, open: 0, affected: 0, affectedBy: {}, cut: 0, bytesUp: 0, bytesDown: 0 },
}
const ledgers = (before: Partial<LedgerSummary>, now: Partial<LedgerSummary>) => ({
  before: { 'app.database': { ...none, ...before } },
  after: { 'app.database': { ...none, ...before } },
  now: { 'app.database': { ...none, ...before, ...now } },
})
const proxies = ['app.database']

test('a link that went down under an open connection has cut it', () => {
  expect(bitByRelay('link-down', proxies, ledgers({ accepted: 1, open: 1 }, { open: 0 }))).toBe(true)
})

test('whether a link that is down refused anybody can’t be known behind it', () => {
  expect(bitByRelay('link-down', proxies, ledgers({ accepted: 1 }, {}))).toBe(null)
})

test.each(['link-silent', 'reset'] as const)('%s changes connections that are opened through it', (fault) => {
  expect(bitByRelay(fault, proxies, ledgers({ accepted: 3 }, {}))).toBe(false)
  expect(bitByRelay(fault, proxies, ledgers({ accepted: 3 }, { accepted: 4 }))).toBe(true)
})

test('latency changes what the service answered while it was on', () => {
  expect(bitByRelay('latency', proxies, ledgers({ bytesDown: 10 }, { accepted: 1 }))).toBe(false)
  expect(bitByRelay('latency', proxies, ledgers({ bytesDown: 10 }, { bytesDown: 11 }))).toBe(true)
})

test('what other links saw counts for nothing', () => {
  const elsewhere = ledgers({ accepted: 1, open: 1 }, { accepted: 9 })
  expect(bitByRelay('link-silent', ['app.auth'], elsewhere)).toBe(false)
})
