import { describe, expect, test } from 'vitest'
import { classesOf, failedTests, gate, gist } from './gate-command.ts'

const journey = 'suites/staging/01-journey.test.ts'
const infrastructureOf = (subject: string) => `infrastructure environment ${subject}`

describe('a sound application on sound infrastructure', () => {
  test('passes', async () => {
    const run = await gate([])
    expect(gist(run)).toEqual({ exit: 0, incidents: [] })
    expect(run.exitCode).toBe(0)
    expect(run.report.tests.length).toBeGreaterThanOrEqual(15)
    expect((await run.judgedAt('T2')).decision).toBe('pass')
  })
})

describe('infrastructure that stays away', () => {
  test.concurrent.for(['link-down@app/database', 'link-silent@app/database'])(
    '%s holds the deploy',
    async (fault) => {
      const run = await gate(['--inject', fault])
      expect(run.exitCode).toBe(75)
      expect(classesOf(run)).toEqual(['infrastructure'])
      expect(new Set(gist(run).incidents)).toEqual(new Set([infrastructureOf('app/database')]))
      expect(run.report.injections[0]?.bit).toBe(true)
      expect(run.report.tests.some((each) => each.outcome === 'blocked')).toBe(true)
      expect((await run.judgedAt('T2')).decision).toBe('hold')
    },
  )

  test.concurrent('link-down@client/app is the link’s fault, since the entry answers beside the application', async () => {
    const run = await gate(['--inject', 'link-down@client/app'])
    expect(run.exitCode).toBe(75)
    expect(new Set(gist(run).incidents)).toEqual(new Set([infrastructureOf('client/app')]))
    expect((await run.judgedAt('T2')).decision).toBe('hold')
  })

  test.concurrent('a database that is stopped before the suites blocks them without starting any', async () => {
    const run = await gate([
      '--config',
      'suites/gate/fail-fast.config.ts',
      '--inject',
      'stopped@database:before',
    ])
    expect(run.exitCode).toBe(75)
    expect(run.report.tests.every((each) => each.outcome === 'blocked')).toBe(true)
    expect(run.report.tests.flatMap((each) => each.attempts)).toEqual([])
    expect(classesOf(run)).toEqual(['infrastructure'])
    expect((await run.judgedAt('T2')).decision).toBe('hold')
  })
})

describe('infrastructure that recovers', () => {
  test.for(['link-down@app/database:0s-6s', 'link-silent@app/database:0s-6s'])(
    '%s fails a test that the rerun clears',
    async (fault) => {
      const run = await gate(['--inject', fault])
      expect({ ...gist(run), failed: failedTests(run) }).toMatchObject({ exit: 0, failed: [] })
      const cleared = run.report.tests.filter((each) => each.cleared)
      expect(cleared.length).toBeGreaterThanOrEqual(1)
      expect(cleared.every((each) => each.verdict?.class === 'infrastructure')).toBe(true)
      expect((await run.judgedAt('T2')).decision).toBe('pass')
    },
  )

  test('an optional service that is away harms no test, and is named', async () => {
    const run = await gate(['--inject', 'link-down@app/analytics'])
    expect({ ...gist(run), failed: failedTests(run) }).toEqual({ exit: 0, incidents: [], failed: [] })
    expect(run.report.health.find((each) => each.target === 'analytics')?.worst).toBe('unavailable')
    expect((await run.judgedAt('T2')).decision).toBe('pass')
  })
})

describe('an optional service that is away for long', () => {
  test('the variants for it run in place of what they stand in for', async () => {
    const run = await gate(['suites/staging/golden-path.test.ts', '--inject', 'stopped@model:before'])
    const outcomes = Object.fromEntries(run.report.tests.map((each) => [each.name, each.outcome]))
    expect({ exit: run.exitCode, ...outcomes }).toEqual({
      exit: 0,
      'answers a message over the WebSocket': 'skipped',
      'says that the model is away': 'passed',
      'streams the answer in pieces that make up the whole': 'skipped',
      'gives the apology whole, with nothing to stream': 'passed',
      'keeps the answer in the thread’s history': 'passed',
    })
  })
})

describe('a defect of the application blocks', () => {
  test('wrong-answer: only the tests that it breaks fail', async () => {
    const run = await gate([], { FIXTURE_DEFECTS: 'wrong-answer' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toEqual(['application'])
    expect(failedTests(run)).toContain('answers a message over the WebSocket')
    expect(failedTests(run)).not.toContain('gives a token for a name')
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test('crash-on-message: bystanders belong to the crash', async () => {
    const run = await gate([], { FIXTURE_DEFECTS: 'crash-on-message' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toEqual(['application'])
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test('pool-leak: the application is at fault, not the database that it starves itself of', async () => {
    const run = await gate([], { FIXTURE_DEFECTS: 'pool-leak' })
    expect(run.exitCode).toBe(1)
    expect(new Set(gist(run).incidents)).toEqual(new Set(['application - app']))
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test('event-loop-blocked: an application that blocks itself is no slow network', async () => {
    const run = await gate([], { FIXTURE_DEFECTS: 'event-loop-blocked' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toEqual(['application'])
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test.concurrent.for(['crash-at-start', 'missing-migration', 'wrong-dsn'])(
    '%s blocks before any suite',
    async (defect) => {
      const run = await gate([], { FIXTURE_DEFECTS: defect })
      expect(run.exitCode).toBe(1)
      expect(classesOf(run)).toEqual(['application'])
      expect((await run.judgedAt('T2')).decision).toBe('block')
    },
  )
})

describe.concurrent('an outage excuses no defect', () => {
  test('wrong-answer while an unrelated service is away', async () => {
    const run = await gate(['--inject', 'link-down@app/analytics'], { FIXTURE_DEFECTS: 'wrong-answer' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toEqual(['application'])
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test('wrong-answer while the database is away for a time: the victims are cleared, the defect blocks', async () => {
    const run = await gate(['--inject', 'link-down@app/database:0s-6s'], { FIXTURE_DEFECTS: 'wrong-answer' })
    expect(run.exitCode).toBe(1)
    expect(run.report.tests.filter((each) => each.cleared).length).toBeGreaterThanOrEqual(1)
    expect(classesOf(run)).toContain('application')
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })
})

describe('the runner', () => {
  test('that is starved holds the deploy, and nobody else is blamed', async () => {
    const run = await gate(['--inject', 'cpu@runner'])
    const { exit, incidents } = gist(run)
    expect({ exit, incidents: new Set(incidents) }).toEqual({
      exit: 75,
      incidents: new Set(['infrastructure runner runner']),
    })
    expect((await run.judgedAt('T2')).decision).toBe('hold')
  }, 300_000)
})

describe('a mistake in a test blocks as the test’s own', () => {
  test.for(['bad-url', 'closed-client', 'short-timeout'])('%s', async (mistake) => {
    const run = await gate([`fixtures/test-defects/${mistake}.test.ts`])
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toEqual(['test'])
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })
})

describe.concurrent('what nobody saw decides nothing', () => {
  const blind = ['--inject', 'stopped@monitor', '--inject', 'stopped@agent']

  test('an outage without monitor and agent is undecided', async () => {
    const run = await gate([...blind, '--inject', 'link-down@app/database:5s-'])
    expect(run.exitCode).toBe(3)
    expect((await run.judgedAt('T2')).decision).toBe('undecided')
  })

  test('a wrong answer without monitor and agent blocks all the same', async () => {
    const run = await gate(blind, { FIXTURE_DEFECTS: 'wrong-answer' })
    expect(run.exitCode).toBe(1)
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })
})

describe.concurrent('what was asked for and did not come about', () => {
  test('another release than the one that is deployed is undecided, before any suite', async () => {
    const run = await gate(['--release', 'v2'], { BUILD_ID: 'v1' })
    expect(run.exitCode).toBe(3)
    expect(run.report.tests.flatMap((each) => each.attempts)).toEqual([])
    expect(run.report.reasons.map((reason) => reason.message).join()).toMatch(/v2/)
  })

  test('a fault that never bit is named', async () => {
    const run = await gate([journey, '--inject', 'link-down@app/database:900s-901s'])
    expect(run.exitCode).toBe(3)
    expect(run.report.reasons.map((reason) => `${reason.subject} ${reason.message}`).join()).toMatch(
      /app\/database/,
    )
  })
})
