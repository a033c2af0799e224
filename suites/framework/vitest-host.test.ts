import { afterAll, beforeAll, expect, test } from 'vitest'
import { unguided } from '#run'
import { attemptsOf, hostOver } from './vitest-run.ts'

const blockedByDatabase = {
  kind: 'blocked',
  choice: { ...unguided().choice, strategy: 'graceful-skip', blockedBy: ['database'] },
} as const

let session: Awaited<ReturnType<typeof hostOver>>

beforeAll(async () => {
  session = await hostOver('outcomes', {
    begin: ({ testId, variant }) => {
      if (variant) return { kind: 'skip', reason: 'not-degraded' }
      return testId.endsWith('> answers') ? blockedByDatabase : unguided()
    },
  })
  await session.run()
})

afterAll(() => session?.[Symbol.asyncDispose]())

const errorsOf = (title: string) =>
  attemptsOf(session.told, title).map(({ n, outcome, errors }) => [
    n,
    outcome,
    ...errors.map(({ phase, message }) => `${phase}: ${message.split('\n')[0]}`),
  ])

test('lists every test with its needs, and a file that cannot be loaded as one test', () => {
  expect(session.told.definitions).toContainEqual({
    id: 'classes.e2e.ts > chat > answers from the cache',
    name: 'answers from the cache',
    file: 'classes.e2e.ts',
    needs: { database: 'required', model: 'optional' },
    required: true,
    skipped: false,
    variant: { whenDegraded: 'model', insteadOf: 'classes.e2e.ts > chat > answers' },
  })
  expect(session.told.definitions.map(({ id }) => id)).toContain('unloadable.e2e.ts')
  expect(session.told.definitions.find(({ name }) => name === 'may fail')?.required).toBe(false)
})

test('every test that may run reports', () => {
  const reported = new Set([
    ...session.told.attempts.map(({ testId }) => testId),
    ...session.told.blocked,
    ...Object.keys(session.told.skipped),
  ])
  expect(session.told.definitions.map(({ id }) => id).filter((id) => !reported.has(id))).toEqual([])
})

test('a wrong value is a failed attempt with an assertion as its signal', () => {
  const [attempt] = attemptsOf(session.told, 'fails by value')
  expect(attempt).toMatchObject({ n: 1, outcome: 'failed', errors: [{ phase: 'assert', frame: 'test' }] })
  expect(attempt?.signals).toMatchObject([{ kind: 'assertion', family: 'wrong-value', phase: 'assert' }])
})

test('each of Vitest’s retries is an attempt', () => {
  expect(attemptsOf(session.told, 'fails once').map(({ n, outcome }) => [n, outcome])).toEqual([
    [1, 'failed'],
    [2, 'passed'],
  ])
})

test('a limit that the test set itself is told with the attempt that it ended', () => {
  expect(attemptsOf(session.told, 'overruns')).toMatchObject([
    { outcome: 'failed', ownTimeoutMs: 50, signals: [{ kind: 'timeout', family: 'no-answer' }] },
  ])
})

test('a failure round is asked for once an attempt that failed in a worker', () => {
  const failedInWorkers = session.told.attempts.filter(
    ({ testId, outcome, errors }) =>
      outcome === 'failed' &&
      ['assert', 'act'].includes(errors[0]?.phase ?? '') &&
      !testId.startsWith('unhandled'),
  )
  expect(session.told.rounds.toSorted()).toEqual(failedInWorkers.map(({ testId }) => testId).toSorted())
})

test('a blocked test is neither an attempt nor skipped', () => {
  expect(session.told.blocked).toEqual(['classes.e2e.ts > chat > answers'])
  expect(attemptsOf(session.told, '> answers')).toEqual([])
})

test('a test that is marked and a variant that is not called for are skipped, each for its reason', () => {
  expect(session.told.skipped).toEqual({
    'classes.e2e.ts > chat > is left out': 'marked',
    'classes.e2e.ts > chat > answers from the cache': 'not-degraded',
  })
})

test('tests of a block whose set-up failed are failed attempts', () => {
  expect(errorsOf('never gets to run')).toEqual([[1, 'failed', 'set-up: no set-up']])
})

test('the end of a block that fails is a failure of its last test', () => {
  expect(errorsOf('a block whose end fails > runs')).toEqual([
    [1, 'passed'],
    [2, 'failed', 'tear-down: no end'],
  ])
})

test('a file that cannot be loaded is a failed attempt with the error', () => {
  expect(errorsOf('unloadable.e2e.ts')).toEqual([[1, 'failed', 'set-up: this file cannot be loaded']])
})

test('what was thrown past every test is a failure of the test that was running', () => {
  expect(errorsOf('lets a rejection go by')).toEqual([
    [1, 'passed'],
    [2, 'failed', 'act: past every test'],
  ])
  expect(errorsOf('has nothing to do with it')).toEqual([[1, 'passed']])
})

test('a rerun takes only what it is given, and counts on', async () => {
  const before = session.told.attempts.length
  await session.rerun(['classes.e2e.ts > chat > fails by value'])
  expect(session.told.attempts.slice(before)).toMatchObject([
    { testId: 'classes.e2e.ts > chat > fails by value', n: 2, outcome: 'failed' },
  ])
})

test('Vitest’s own exit code stays out of ours', () => {
  expect(process.exitCode).toBeUndefined()
})
