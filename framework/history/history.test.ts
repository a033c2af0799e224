import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReportAttempt, RunReport } from '#report'
import type { Verdict } from '#verdict'
import { openHistory } from './history.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'faultline-history-'))
  file = path.join(folder, 'deep', 'history.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true }))

const verdict: Verdict = {
  class: 'application',
  scope: null,
  subject: 'app',
  reason: 'path-cleared',
  confidence: 0.7,
  tier: 'T2',
  evidence: { for: [], against: [] },
}

function attempt(change: Partial<ReportAttempt> = {}): ReportAttempt {
  return {
    ...{ n: 1, outcome: 'passed', startedAt: 0, durationMs: 100, strategy: 'normal' },
    ...{ signals: [], fingerprint: null, verdict: null },
    ...change,
  }
}

const failed = attempt({ outcome: 'failed', fingerprint: 'f-000000000001', verdict })

function report(runId: string, startedAt: number, attempts: readonly ReportAttempt[]): RunReport {
  const test = { id: 'a', attempts } as unknown as RunReport['tests'][number]
  return { runId, startedAt, environment: 'staging', decision: 'pass', tests: [test] } as unknown as RunReport
}

test('a failure is remembered with when, how often, and with what verdict', () => {
  using history = openHistory(file)
  history.add(report('r1', 10, [failed, { ...failed, n: 2 }]))
  history.add(report('r2', 20, [failed]))
  history.add(report('r3', 30, [failed]))
  expect(history.seenBefore(['f-000000000001', 'f-000000000002'], 'r3')).toEqual({
    'f-000000000001': { runs: 2, firstAt: 10, lastAt: 20, verdicts: { application: 3 } },
  })
})

test('a baseline is the mean time of passes, and the share of attempts that passed', () => {
  using history = openHistory(file)
  history.add(report('r1', 10, [attempt({ durationMs: 100 })]))
  history.add(report('r2', 20, [failed, attempt({ n: 2, durationMs: 300 })]))
  expect(history.baselines('staging')).toEqual({ a: { durationMs: 200, successShare: 2 / 3 } })
  expect(history.baselines('elsewhere')).toEqual({})
})

test('a baseline forgets what is older than twenty runs', () => {
  using history = openHistory(file)
  history.add(report('old', 0, [attempt({ durationMs: 9_000 })]))
  for (let n = 1; n <= 20; n += 1) history.add(report(`r${n}`, n, [attempt({ durationMs: 100 })]))
  expect(history.baselines('staging')['a']?.durationMs).toBe(100)
})

test('what ran on unwell infrastructure is no baseline', () => {
  using history = openHistory(file)
  const infrastructure = { ...verdict, class: 'infrastructure' } as const
  history.add(
    report('r1', 10, [attempt({ strategy: 'conservative' }), { ...failed, verdict: infrastructure }]),
  )
  expect(history.tests()).toEqual([])
})

test('a run that is added twice counts once', () => {
  using history = openHistory(file)
  history.add(report('r1', 10, [failed]))
  history.add(report('r1', 10, [failed]))
  expect(history.failures()).toMatchObject([{ runs: 1, verdicts: { application: 1 } }])
})

test('a correction keeps the run’s journal, and no password of a URL', () => {
  using history = openHistory(file)
  const correction = { runId: 'r1', testId: 'a', class: 'test', said: null, at: 5 } as const
  history.correct({ ...correction, why: 'see https://ada:hunter22@ci', journal: 'first' })
  history.correct({ ...correction, why: 'again https://ada:hunter22@ci', journal: 'line\n'.repeat(1000) })
  expect(history.cases()).toEqual([
    { ...correction, why: 'again https://ada:[redacted]@ci', journal: 'line\n'.repeat(1000) },
  ])
})

test('two runs write at once', () => {
  using one = openHistory(file)
  using two = openHistory(file)
  one.add(report('r1', 10, [failed]))
  two.add(report('r2', 20, [failed]))
  expect(one.failures()).toMatchObject([{ runs: 2 }])
})

describe('a file that can’t be a history is refused, and left as it is', () => {
  const refused = () => expect(() => openHistory(file)).toThrow(expect.objectContaining({ code: 'FL6005' }))
  beforeEach(() => {
    file = path.join(folder, 'history.sqlite')
  })

  test('a damaged one', () => {
    writeFileSync(file, 'not a database, but long enough to be looked at '.repeat(50))
    const before = readFileSync(file)
    refused()
    expect(readFileSync(file)).toEqual(before)
  })

  test('somebody else’s database', () => {
    using other = new DatabaseSync(file)
    other.exec('CREATE TABLE theirs (a)')
    const before = readFileSync(file)
    refused()
    expect(readFileSync(file)).toEqual(before)
  })

  test('one of a later version', () => {
    openHistory(file)[Symbol.dispose]()
    const later = new DatabaseSync(file)
    later.exec('PRAGMA user_version = 99')
    later.close()
    refused()
  })

  test('a folder', () => {
    mkdirSync(file)
    refused()
  })
})

test('a history that must exist isn’t made', () => {
  expect(() => openHistory(file, { mustExist: true })).toThrow(expect.objectContaining({ code: 'FL6005' }))
  expect(existsSync(file)).toBe(false)
})
