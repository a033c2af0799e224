import { expect, test } from 'vitest'
import { type SmallProject, smallProject, tests } from './small-project.ts'

const defect = { FIXTURE_DEFECTS: 'wrong-answer' }
const config = `knownIssues: 'known-issues.json',`

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

function entry(fingerprints: readonly string[], change: object = {}) {
  return {
    ...{ fingerprints, owner: 'ada', reason: 'the model stutters', until: inDays(30) },
    ...{ overrides: ['application'], ...change },
  }
}

const write = (project: SmallProject, ...knownIssues: object[]) =>
  project.write('known-issues.json', JSON.stringify({ knownIssues }))

/** Several whole runs one after the other. */
const long = { timeout: 400_000 }

test(
  'a known failure keeps its verdict and passes loudly, until it expires or something new fails beside it',
  long,
  async () => {
    await using project = await smallProject(config)
    await write(project)
    const first = await project.gate([], defect)
    expect(first.exitCode, first.stdout).toBe(1)
    const runFolder = `.faultline/runs/${first.report.runId}`
    const { stdout: explained } = await project.faultline(['explain', runFolder, 'answers a message'])
    const print = /fingerprint (f-[0-9a-f]{12})/.exec(explained)?.[1] ?? 'none'

    await write(project, entry([print]))
    const known = await project.gate([], defect)
    expect(known.exitCode, known.stdout).toBe(0)
    expect(known.report.incidents.map(({ verdict }) => verdict.class)).toEqual(['application'])
    expect(known.report.knownIssues).toMatchObject([{ state: 'acted', owner: 'ada' }])
    expect(known.stdout).toContain('Tests have FAILED')
    expect(known.stdout).toContain('known: the model stutters')

    await write(project, entry([print], { overrides: undefined }))
    const { report: unnamed, exitCode: stillBlocks } = await project.gate([], defect)
    expect({ stillBlocks, uses: unnamed.knownIssues }).toMatchObject({
      stillBlocks: 1,
      uses: [{ state: 'matched' }],
    })

    await write(project, entry([print], { until: inDays(-2) }), entry(['f-000000000000']))
    const expired = await project.gate([], defect)
    expect(expired.exitCode).toBe(1)
    expect(expired.report.knownIssues.map(({ state }) => state)).toEqual(['expired', 'unmatched'])
    expect(expired.stdout).toContain('EXPIRED')

    await write(project, entry([print]))
    await project.write('suites/chat.test.ts', tests(`t.expect((await t.signIn()).token).toBe('another')`))
    const beside = await project.gate([], defect)
    expect(beside.exitCode, beside.stdout).toBe(1)

    const { stdout: listed } = await project.faultline(['known-issues', '--json'])
    expect(JSON.parse(listed)).toMatchObject([{ state: 'acts', inLatestRun: true }])
  },
)

test('a file that is not valid ends the gate with 78 before anything is started', async () => {
  await using project = await smallProject(config)
  await write(project, entry(['f-000000000000'], { until: inDays(200), owner: '' }))
  const { exitCode, stderr } = await project.faultline(['gate'])
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 78, stderr: expect.stringContaining('FL1008') })
})
