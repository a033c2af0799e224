import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { type Staging, startStaging } from '../remote/staging.ts'
import { type SmallProject, smallProject, tests } from './small-project.ts'

function git(project: SmallProject, ...args: string[]): void {
  const as = ['-c', 'user.name=ada', '-c', 'user.email=ada@example.com']
  execFileSync('git', [...as, ...args], { cwd: project.folder, stdio: 'pipe' })
}

/** Several whole runs one after the other. */
const long = { timeout: 400_000 }

test('what the change touches is in the record, and a ref that nobody knows is refused', async () => {
  await using project = await smallProject('')
  git(project, 'init', '--quiet', '--initial-branch=main')
  git(project, 'add', '--all')
  git(project, 'commit', '--quiet', '--message', 'first')
  git(project, 'switch', '--quiet', '--create', 'work')
  await project.write('suites/chat.test.ts', tests(`t.expect((await t.signIn()).token).toBe('another')`))
  git(project, 'commit', '--quiet', '--all', '--message', 'a test')

  const run = await project.gate(['--base', 'main'])
  expect(run.exitCode, run.stdout).toBe(1)
  expect(run.report.change).toMatchObject({ kind: 'tests-only', paths: ['suites/chat.test.ts'] })
  const rules = run.report.tests.flatMap(({ verdict }) => [
    ...(verdict?.evidence.for ?? []),
    ...(verdict?.evidence.against ?? []),
  ])
  expect(rules.map(({ rule }) => rule)).toContain('tests-changed')

  const refused = await project.faultline(['gate', '--base', 'nowhere'])
  expect(refused).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('FL1007') })
})

const remote = `remote({
    entry: 'app',
    services: {
      database: { owner: 'platform', protocol: 'postgres', url: secret(process.env['DATABASE_URL'] ?? '') },
      auth: { owner: 'sut', protocol: 'http', uses: { database: 'required' } },
      model: { owner: 'external', protocol: 'http' },
      app: {
        owner: 'sut',
        protocol: 'http',
        url: process.env['STAGING_URL'] ?? '',
        uses: { database: 'required', auth: 'required', model: 'optional' },
      },
    },
    agent: { url: process.env['AGENT_URL'] ?? '', token: secret(process.env['AGENT_TOKEN'] ?? '') },
    control: process.env['CONTROL_URL'] ?? '',
  })`

async function gateAgainst(candidate: Staging, baseline: Staging) {
  await using project = await smallProject(`baseline: { url: process.env['BASELINE_URL'] ?? '' },`, remote)
  const { STAGING_URL } = baseline.variables({ agent: false })
  return await project.gate([], { ...candidate.variables({ agent: true }), BASELINE_URL: STAGING_URL! })
}

test(
  'a failure on the candidate alone is the change’s, a failure on both is not, and the same release tells nothing',
  long,
  async () => {
    await using bad = await startStaging({ defect: 'wrong-answer', build: 'new' })
    {
      await using good = await startStaging({ build: 'old' })
      const run = await gateAgainst(bad, good)
      expect(run.exitCode, run.stdout).toBe(1)
      expect(run.report.controlArm).toMatchObject({
        ...{ candidateBuild: 'new', baselineBuild: 'old', problem: null },
        tests: [{ candidate: ['alike', 'alike'], baseline: ['passed', 'passed'], candidateWell: true }],
      })
      const rules = run.report.incidents.flatMap(({ verdict }) =>
        verdict.evidence.for.map(({ rule }) => rule),
      )
      expect(rules).toContain('fails-on-candidate-only')
    }
    {
      await using old = await startStaging({ defect: 'wrong-answer', build: 'old' })
      const run = await gateAgainst(bad, old)
      expect(run.exitCode, run.stdout).not.toBe(0)
      expect(run.report.controlArm?.tests).toMatchObject([{ baseline: ['alike', 'alike'] }])
    }
    const same = await gateAgainst(bad, bad)
    expect(same.exitCode).toBe(1)
    expect(same.report.controlArm).toMatchObject({
      problem: expect.stringContaining('own release'),
      tests: [],
    })
  },
)
