import { expect, test } from 'vitest'
import type { Operation } from '#experiment'
import type { Dependency, OperationName } from './operations.ts'
import { problemIn, refusalOf } from './refusal.ts'
import { type Cell, classOf, countsOf, resultOf } from './score.ts'

type Ended = Pick<Operation, 'outcome'> & Partial<Operation>

const ok: Ended = { outcome: 'ok' }
const marked = (degraded: string): Ended => ({ outcome: 'ok', degraded })
const failed = (detail: string): Ended => ({ outcome: 'failed', detail })
const refused = (dependency: string): Ended =>
  failed(refusalOf(503, { type: '/problems/away', dependency }).message)
const after = (ms: number, ended: Ended): Ended => ({ ...ended, startedAt: 1000, endedAt: 1000 + ms })

function operation(name: OperationName, ended: Ended): Operation {
  return { id: 1, name, startedAt: 1000, endedAt: 1100, ...ended }
}

test.each<[what: string, name: OperationName, ended: Ended, hurt: Dependency, is: string]>([
  ['a whole answer is correct', 'history', ok, 'database', 'correct'],
  ['so it is where nothing that it needs is hurt', 'history', ok, 'model', 'correct'],
  ['an old history that says so is degraded', 'history', marked('stale'), 'database', 'degraded'],
  ['but not where the database is well', 'history', marked('stale'), 'model', 'failed'],
  ['an apology for the model is degraded', 'answer', marked('model-away'), 'model', 'degraded'],
  ['but not where the model is well', 'answer', marked('model-away'), 'database', 'failed'],
  ['a mark that the operation doesn’t have is none', 'post', marked('stale'), 'database', 'failed'],
  ['a refusal that names what is hurt is a refusal', 'post', refused('database'), 'database', 'refused'],
  ['one that names something else is a failure', 'post', refused('auth'), 'database', 'failed'],
  ['one for want of what the operation doesn’t use, too', 'post', refused('auth'), 'auth', 'failed'],
  ['a wrong answer is a failure', 'history', failed('wrong: it shows a message twice'), 'database', 'failed'],
  ['an answer that blames nobody is a failure', 'post', failed('status 500: internal'), 'database', 'failed'],
  ['no answer is a failure', 'post', { outcome: 'unknown', detail: 'ECONNRESET' }, 'database', 'failed'],
  ['an answer at its limit is in time', 'history', after(2500, ok), 'database', 'correct'],
  ['one past it is late', 'history', after(2501, ok), 'database', 'late'],
  ['a refusal may be late too', 'post', after(2501, refused('database')), 'database', 'late'],
  ['a conversation has more time', 'answer', after(3900, ok), 'model', 'correct'],
])('%s', (_what, name, ended, hurt, is) => {
  expect(classOf(operation(name, ended), hurt)).toBe(is)
})

test('only a 503 that names what is missing is a refusal', () => {
  const problem = { type: '/problems/internal', dependency: 'database' }
  const of = (error: Error) => classOf(operation('post', failed(error.message)), 'database')
  expect(of(refusalOf(503, problem))).toBe('refused')
  expect(of(refusalOf(500, problem))).toBe('failed')
  expect(of(refusalOf(503, { type: problem.type }))).toBe('failed')
  expect(of(refusalOf(503, problemIn('<html>Service Unavailable</html>')))).toBe('failed')
})

test('an operation that the bench doesn’t have is a mistake', () => {
  expect(() => classOf(operation('logout' as OperationName, ok), 'auth')).toThrow('logout')
})

function cell(hurt: Dependency, entries: readonly [OperationName, Ended, 'away'?][]): Cell {
  const operations = entries.map(([name, ended]) => operation(name, ended))
  const away = operations.filter((_, index) => entries[index]?.[2] === 'away')
  return { profile: `p-${hurt}`, hurt, operations, away: new Set(away) }
}

const nothing = { lost: 0, doubled: 0 }

test('counts by profile and operation what each operation came to', () => {
  const cells = [
    cell('database', [
      ['post', refused('database')],
      ['history', marked('stale')],
    ]),
    cell('model', [['answer', marked('model-away')]]),
  ]
  const { byProfile, byOperation } = resultOf({
    on: { cells, kept: nothing },
    off: { cells: [], kept: nothing },
  })
  const none = { correct: 0, degraded: 0, refused: 0, failed: 0, late: 0 }
  expect(byProfile).toEqual({
    'p-database': { ...none, degraded: 1, refused: 1 },
    'p-model': { ...none, degraded: 1 },
  })
  expect(byOperation).toMatchObject({
    post: { refused: 1 },
    history: { degraded: 1 },
    answer: { degraded: 1 },
  })
})

test('shares are of what they are named for', () => {
  const on = [
    cell('database', [
      ['history', marked('stale'), 'away'],
      ['threads', failed('wrong: old'), 'away'],
      ['post', refused('database'), 'away'],
      ['post', { outcome: 'unknown', detail: 'ECONNRESET' }],
      ['sign-in', ok, 'away'],
    ]),
    cell('model', [
      ['answer', marked('model-away')],
      ['history', failed('wrong: old')],
    ]),
    cell('auth', [['sign-in', refused('auth')]]),
  ]
  const off = [cell('model', [['answer', refused('model')]])]
  const result = resultOf({
    on: { cells: on, kept: nothing },
    off: { cells: off, kept: { lost: 1, doubled: 2 } },
  })
  expect(result).toMatchObject({
    optionalAway: { usefulShare: 1 / 2 },
    databaseAway: { readsUseful: 1 / 2, writesAckedOrRefused: 1 },
    overall: { usefulShare: 3 / 8, whereUsed: 2 / 6, operations: 8 },
    withoutResilience: { usefulShare: 0, operations: 1, lost: 1, doubled: 2 },
    ...nothing,
  })
})

test('a write that failed while the database was away is neither acknowledged nor refused', () => {
  const cells = [
    cell('database', [
      ['post', ok, 'away'],
      ['answer', failed('status 500: internal'), 'away'],
    ]),
  ]
  const { databaseAway } = resultOf({ on: { cells, kept: nothing }, off: { cells: [], kept: nothing } })
  expect(databaseAway).toEqual({ readsUseful: null, writesAckedOrRefused: 1 / 2 })
})

test('there is no share of nothing', () => {
  const none = { cells: [], kept: nothing }
  expect(resultOf({ on: none, off: none }).overall).toEqual({
    usefulShare: null,
    whereUsed: null,
    operations: 0,
  })
  expect(countsOf([])).toEqual({ correct: 0, degraded: 0, refused: 0, failed: 0, late: 0 })
})
