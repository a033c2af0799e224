import type { RunReport } from 'faultline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GateRun, type InstalledProject, installProject } from './installed-project.ts'
import { type Staging, startStaging } from './staging.ts'

let project: InstalledProject
beforeAll(async () => {
  project = await installProject()
}, 120_000)
afterAll(() => project?.[Symbol.asyncDispose]())

const withAgent = { agent: true }
const withoutAgent = { agent: false }
/** Enough of the suites to show what a defect does: each test of a broken application waits out its limits. */
const shortened = ['suites/staging/api.test.ts', 'suites/staging/golden-path.test.ts']

describe('the packed tarball in an empty project', () => {
  test('has the types that its configuration and tests need', async () => {
    const { exitCode, output } = await project.npx(['tsc', '--project', '.'])
    expect(exitCode, output).toBe(0)
  })

  test('has the command line, and each of its doors', async () => {
    const help = await project.npx(['faultline', '--help'])
    expect(help).toMatchObject({ exitCode: 0, output: expect.stringContaining('gate [options] [globs...]') })
    const doors = `for (const door of ['faultline', 'faultline/vitest', 'faultline/proxy']) await import(door)`
    const { exitCode, output } = await project.npx(['node', '--input-type=module', '--eval', doors])
    expect(exitCode, output).toBe(0)
  })

  test('judges the tests of plain Vitest by its plugin', async () => {
    await using staging = await startStaging({ defect: 'wrong-answer' })
    const env = staging.variables(withAgent)
    const { exitCode, output } = await project.npx(
      ['vitest', 'run', 'suites/staging/golden-path.test.ts'],
      env,
    )
    expect(exitCode, output).toBe(1)
    expect(output).toContain('→ application: app (or-expectation')
  })
})

/** What a run says, in the words of the decision table. */
function gist({ exitCode, report }: GateRun) {
  const said = report.incidents.map(({ verdict }) => [verdict.class, verdict.scope, verdict.subject])
  return { exitCode, tier: report.tier, said: [...new Set(said.map((words) => words.join(' ')))] }
}

function withOutcome({ tests }: RunReport, outcome: RunReport['tests'][number]['outcome']): string[] {
  return tests.filter((each) => each.outcome === outcome).map((each) => each.name)
}

/** The classes that a run without the agent may say of a failure that only the agent could explain. */
const unexplained = { exitCode: 3, tier: 'T1', said: ['inconclusive  app'] }

describe('a sound staging', () => {
  let staging: Staging
  beforeAll(async () => {
    staging = await startStaging()
  })
  afterAll(() => staging?.[Symbol.asyncDispose]())

  test.for([
    { tier: 'T2', ...withAgent },
    { tier: 'T1', ...withoutAgent },
  ])('passes at $tier', async ({ tier, agent }) => {
    const run = await project.gate([], staging.variables({ agent }))
    expect(gist(run), run.output).toEqual({ exitCode: 0, tier, said: [] })
    expect(withOutcome(run.report, 'passed').length).toBeGreaterThanOrEqual(15)
  })
})

describe('a staging whose database can’t be reached', () => {
  test.for(['link-down@app/database', 'link-silent@app/database'])(
    '%s holds the deploy, by what the agent saw',
    async (inject) => {
      await using staging = await startStaging({ inject })
      const run = await project.gate([], staging.variables(withAgent))
      const said = ['infrastructure environment app/database']
      expect(gist(run), run.output).toEqual({ exitCode: 75, tier: 'T2', said })
      expect(withOutcome(run.report, 'failed')).toEqual([])
      expect(run.output.split('waiting for')).toHaveLength(2)
    },
  )

  test('is undecided without the agent', async () => {
    await using staging = await startStaging({ inject: 'link-down@app/database' })
    const run = await project.gate(shortened, staging.variables(withoutAgent))
    expect(gist(run), run.output).toEqual(unexplained)
  })
})

describe('a staging with a defect', () => {
  test.for([
    { tier: 'T2', ...withAgent, globs: [] },
    { tier: 'T1', ...withoutAgent, globs: shortened },
  ])('wrong-answer blocks at $tier, by the tests that it breaks', async ({ tier, agent, globs }) => {
    await using staging = await startStaging({ defect: 'wrong-answer' })
    const run = await project.gate(globs, staging.variables({ agent }))
    expect(gist(run), run.output).toEqual({ exitCode: 1, tier, said: ['application  app'] })
    expect(withOutcome(run.report, 'failed')).toContain('answers a message over the WebSocket')
    expect(withOutcome(run.report, 'failed')).not.toContain('gives a token for a name')
  })

  test.for(['crash-on-message', 'pool-leak'])('%s blocks by what the agent saw', async (defect) => {
    await using staging = await startStaging({ defect })
    const run = await project.gate(shortened, staging.variables(withAgent))
    expect(gist(run), run.output).toEqual({ exitCode: 1, tier: 'T2', said: ['application  app'] })
  })

  test.for(['crash-on-message', 'pool-leak'])('%s is undecided without the agent', async (defect) => {
    await using staging = await startStaging({ defect })
    const run = await project.gate(shortened, staging.variables(withoutAgent))
    expect(gist(run), run.output).toEqual(unexplained)
  })
})
