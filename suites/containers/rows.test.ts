import { beforeEach, describe, expect, test } from 'vitest'
import { classesOf, failedTests, type GateRun, gate, gist } from '../gate/gate-command.ts'
import { obstacleToContainers } from './stack.ts'

/** Why no environment of containers can be brought up here, or undefined. */
const obstacle = await obstacleToContainers()

beforeEach(({ skip }) => {
  if (obstacle !== undefined) skip(obstacle)
})

function gateContainers(args: readonly string[], env: Record<string, string> = {}): Promise<GateRun> {
  return gate(['--env', 'containers', ...args], env)
}

// Two at a time: side by side they show that runs don't meet, and most of each is waiting.
describe.concurrent('on containers, behind the real Toxiproxy', () => {
  test('a sound application on sound infrastructure passes', async () => {
    const run = await gateContainers([])
    expect(gist(run)).toEqual({ exit: 0, incidents: [] })
    expect(run.exitCode).toBe(0)
    expect(run.report.environment).toBe('containers')
    expect(run.report.tier).toBe('T3')
    expect((await run.judgedAt('T2')).decision).toBe('pass')
  })

  test.for(['link-down@app/database', 'link-silent@app/database'])('%s holds the deploy', async (fault) => {
    const run = await gateContainers(['--inject', fault])
    expect(run.exitCode).toBe(75)
    expect(new Set(gist(run).incidents)).toEqual(new Set(['infrastructure environment app/database']))
    expect(run.report.injections[0]?.bit).toBe(true)
    expect(run.report.tests.some((each) => each.outcome === 'blocked')).toBe(true)
    expect((await run.judgedAt('T2')).decision).toBe('hold')
  })

  test.for(['link-down@app/database:0s-6s', 'link-silent@app/database:0s-6s'])(
    '%s fails a test that the rerun clears',
    async (fault) => {
      const run = await gateContainers(['--inject', fault])
      expect({ ...gist(run), failed: failedTests(run) }).toMatchObject({ exit: 0, failed: [] })
      const cleared = run.report.tests.filter((each) => each.cleared)
      expect(cleared.length).toBeGreaterThanOrEqual(1)
      expect(cleared.every((each) => each.verdict?.class === 'infrastructure')).toBe(true)
      expect((await run.judgedAt('T2')).decision).toBe('pass')
    },
  )

  test('wrong-answer: only the tests that it breaks fail', async () => {
    const run = await gateContainers([], { FIXTURE_DEFECTS: 'wrong-answer' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toEqual(['application'])
    expect(failedTests(run)).toContain('answers a message over the WebSocket')
    expect(failedTests(run)).not.toContain('gives a token for a name')
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test('crash-on-message: bystanders belong to the crash', async () => {
    const run = await gateContainers([], { FIXTURE_DEFECTS: 'crash-on-message' })
    expect(run.exitCode).toBe(1)
    expect(classesOf(run)).toEqual(['application'])
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test('pool-leak: the application is at fault, not the database that it starves itself of', async () => {
    const run = await gateContainers([], { FIXTURE_DEFECTS: 'pool-leak' })
    expect(run.exitCode).toBe(1)
    expect(new Set(gist(run).incidents)).toEqual(new Set(['application - app']))
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })

  test('an outage without monitor and agent is undecided', async () => {
    const blind = ['--inject', 'stopped@monitor', '--inject', 'stopped@agent']
    const run = await gateContainers([...blind, '--inject', 'link-down@app/database:5s-'])
    expect(run.exitCode).toBe(3)
    expect((await run.judgedAt('T2')).decision).toBe('undecided')
  })

  test('wrong-answer while the database is away for a time: the victims are cleared, the defect blocks', async () => {
    const run = await gateContainers(['--inject', 'link-down@app/database:0s-6s'], {
      FIXTURE_DEFECTS: 'wrong-answer',
    })
    expect(run.exitCode).toBe(1)
    expect(run.report.tests.filter((each) => each.cleared).length).toBeGreaterThanOrEqual(1)
    expect(classesOf(run)).toContain('application')
    expect((await run.judgedAt('T2')).decision).toBe('block')
  })
})
