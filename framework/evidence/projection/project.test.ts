import { expect, test } from 'vitest'
import type { JournalRecord } from '#journal'
import type { Observation } from '#probe'
import type { Attempt } from '#run'
import { projectEvidence } from './project.ts'
import type { Tier } from './records.ts'
import { atTier } from './tier.ts'

const service = (name: string, uses: Record<string, 'required' | 'optional'> = {}) =>
  ({ name, owner: 'sut', protocol: 'http', uses, egress: 'net' }) as const
const topology = {
  entry: 'app',
  services: { app: service('app', { database: 'required' }), database: service('database') },
}

const record = (kind: string, data: object, at = 1): JournalRecord => ({ at, source: 'x', kind, data })
const started = (tierCeiling: Tier = 'T3') =>
  record('run-started', {
    ...{ id: 'r', root: '/', environment: 'embedded', topology, tierCeiling, intervalMs: 250 },
    policy: { minimumTests: 1, passesToClear: 2, raceSuspected: 'undecided' },
  })

function look(change: Partial<Observation>): JournalRecord {
  const made = {
    at: 1,
    target: 'app',
    vantage: 'runner',
    connection: 'new',
    outcome: 'ok',
    phases: { totalMs: 1 },
  }
  return record('observation', { ...made, ...change })
}

const exchange = { protocol: 'http', operation: 'GET /', from: 1, to: 2, outcome: 'ok' } as const
const attempt: Attempt = {
  ...{
    testId: 'a',
    n: 1,
    outcome: 'failed',
    startedAt: 1,
    durationMs: 1,
    strategy: 'normal',
    timeoutFactor: 1,
  },
  ...{ worker: 'worker:1', errors: [], signals: [], patient: [] },
  exchanges: [
    { ...exchange, target: 'app', claims: ['database'] },
    { ...exchange, target: 'database' },
  ],
}

const records: readonly JournalRecord[] = [
  started(),
  look({ target: 'app', link: 'client/app' }),
  look({ target: 'control' }),
  look({ target: 'database' }),
  look({ target: 'database', link: 'app/database', vantage: 'app-side' }),
  look({ target: 'database', vantage: 'service-side' }),
  record('platform-event', { at: 3, service: 'app', event: 'exited', incarnation: 1, code: 1 }),
  record('attempt', attempt),
]

test('a journal without the start of its run can’t be judged', () => {
  expect(() => projectEvidence(records.slice(1))).toThrow(expect.objectContaining({ code: 'FL6004' }))
})

test('kinds outside the allow-list leave no trace', () => {
  const injected = ['fault-on', 'fault-bit', 'process', 'defects', 'ledger', 'fault-plan'].map((kind) =>
    record(kind, { fault: 'link-down', target: 'app/database' }),
  )
  expect(projectEvidence([...injected, ...records, ...injected])).toEqual(projectEvidence(records))
})

test('of a platform event only the contract’s fields are kept', () => {
  const more = record('platform-event', {
    ...{ at: 3, service: 'app', event: 'stopped', incarnation: 1, signal: 'SIGKILL' },
    ...{ by: 'faultline', reason: 'injection', pid: 7 },
  })
  expect(projectEvidence([started(), more]).serviceEvents).toEqual([
    { at: 3, service: 'app', event: 'stopped', incarnation: 1, code: null, signal: 'SIGKILL' },
  ])
})

test('observations come in the order of their time, whoever wrote first', () => {
  const late = [started(), look({ at: 9 }), look({ at: 3 }), look({ at: 6 })]
  expect(projectEvidence(late).observations.map(({ at }) => at)).toEqual([3, 6, 9])
})

test('T2 has no platform events', () => {
  const seen = projectEvidence(records, { tier: 'T2' })
  expect(seen.tier).toBe('T2')
  expect(seen.serviceEvents).toEqual([])
  expect(seen.observations).toHaveLength(5)
})

test('T1 sees the entry and the control target from the runner, and no private service', () => {
  const seen = projectEvidence(records, { tier: 'T1' })
  expect(seen.observations.map(({ target }) => target)).toEqual(['app', 'control'])
  expect(seen.attempts[0]?.exchanges.map(({ target }) => target)).toEqual(['app'])
  expect(seen.attempts[0]?.exchanges[0]?.claims).toEqual(['database'])
})

test('T0 has no claims', () => {
  expect(projectEvidence(records, { tier: 'T0' }).attempts[0]?.exchanges[0]).not.toHaveProperty('claims')
})

test('a tier above what the environment has adds nothing', () => {
  const seen = projectEvidence([started('T1'), ...records.slice(1)], { tier: 'T3' })
  expect(seen.tier).toBe('T1')
  expect(seen.serviceEvents).toEqual([])
})

test('lowering the tier by steps is lowering it at once', () => {
  const all = projectEvidence(records)
  expect(atTier(atTier(all, 'T2'), 'T0')).toEqual(atTier(all, 'T0'))
})
