import { afterAll, beforeAll, expect, test } from 'vitest'
import { now } from '#core'
import { type BeginRequest, unguided } from '#run'
import { attemptsOf, hostOver } from './vitest-run.ts'

const asked: BeginRequest[] = []
const health = (status: 'healthy' | 'degraded') => ({
  at: now(),
  targets: [{ target: 'database', vantage: 'app-side', status, since: 0 }] as const,
})

let session: Awaited<ReturnType<typeof hostOver>>

beforeAll(async () => {
  session = await hostOver('guided', {
    begin: (request) => {
      asked.push(request)
      if (request.insteadOfBy?.includes('model')) return { kind: 'skip', reason: 'replaced' }
      const choice = { ...unguided().choice, strategy: 'conservative', timeoutFactor: 5 } as const
      return { kind: 'run', choice, snapshot: health('healthy') }
    },
    health: () => health('degraded'),
    provide: {
      baselines: {
        'guided.e2e.ts > guided > answers from the cache': { durationMs: 0.0001, successShare: 1 },
      },
    },
  })
  await session.run()
})

afterAll(() => session?.[Symbol.asyncDispose]())

test('the strategy stretches a test’s time limit', () => {
  expect(attemptsOf(session.told, 'takes longer than its limit on a good day')).toMatchObject([
    { outcome: 'passed', strategy: 'conservative', timeoutFactor: 5 },
  ])
})

test('the owner is told of needs, of variants and of the tests that they stand in for', () => {
  const of = (title: string) => asked.find(({ testId }) => testId.endsWith(title))
  expect(of('> answers')).toMatchObject({ needs: { database: 'required' }, insteadOfBy: ['model'], n: 1 })
  expect(of('from the cache')?.variant).toMatchObject({ whenDegraded: 'model' })
  expect(session.told.skipped).toEqual({ 'guided.e2e.ts > guided > answers': 'replaced' })
})

test('the impact of the infrastructure is told with each attempt', () => {
  const [attempt] = attemptsOf(session.told, 'answers from the cache')
  expect(attempt?.impact).toEqual({
    startHealth: { database: 'healthy' },
    endHealth: { database: 'degraded' },
    changed: true,
    slowed: true,
    harmed: false,
  })
})

test('health that was never good is not lost', () => {
  expect(attemptsOf(session.told, 'keeps its health')).toMatchObject([{ outcome: 'passed' }])
})

test('set-up and tear-down that both fail are two errors, each in its phase', () => {
  const [attempt] = attemptsOf(session.told, 'fails before and after')
  expect(attempt?.errors.map(({ phase, message }) => [phase, message])).toEqual([
    ['set-up', 'no set-up'],
    ['tear-down', 'no tear-down'],
  ])
})

test('a rerun takes the tests of an ordered block together', async () => {
  const before = session.told.attempts.length
  await session.rerun(['guided.e2e.ts > a story > ends'])
  expect(session.told.attempts.slice(before).map(({ testId, n, outcome }) => [testId, n, outcome])).toEqual([
    ['guided.e2e.ts > a story > begins', 2, 'passed'],
    ['guided.e2e.ts > a story > ends', 2, 'passed'],
  ])
})
