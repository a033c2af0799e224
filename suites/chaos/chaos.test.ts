import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { journalProblems } from '../journal-schema.ts'
import { type ChaosOutcomes, type ChaosRunOptions, root, runChaosProcess } from './run-chaos.ts'

const schema = JSON.parse(await readFile(path.join(root, 'schema/chaos.json'), 'utf8')) as object
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile<ChaosOutcomes>(schema)

/** One run, whose journal and report fit their schemas. */
async function chaos(args: readonly string[], options?: ChaosRunOptions) {
  const run = await runChaosProcess(args, options)
  const journal = /^record: (.*)$/m.exec(run.stdout)?.[1]
  if (journal !== undefined) expect(await journalProblems(path.join(root, journal))).toEqual([])
  return { ...run, report: run.written === undefined ? undefined : checkedReport(run.written) }
}

function checkedReport(written: string): ChaosOutcomes {
  const report: unknown = JSON.parse(written)
  if (validate(report)) return report
  throw new Error(`the report doesn't fit its schema: ${JSON.stringify(validate.errors)}`)
}

describe('faultline chaos', () => {
  test('shows that the chat keeps every promise that has an experiment', { timeout: 600_000 }, async () => {
    // The first of the seeds that `npm run chaos:all` takes: what is met here can be met again.
    const run = await chaos(['--seed', '1'])
    expect(run.report?.experiments.filter(({ outcome }) => outcome !== 'held')).toEqual([])
    expect(run.exitCode, run.stdout + run.stderr).toBe(0)
    expect(run.report?.experiments.length).toBeGreaterThanOrEqual(20)
    expect(run.stdout).toMatch(/^\d+ experiments: \d+ held$/m)
  })

  test('says that every promise held while analytics was away', async () => {
    const run = await chaos(['suites/chaos/analytics-away.chaos.ts', '--seed', '7'])
    expect(run, run.stdout + run.stderr).toMatchObject({
      exitCode: 0,
      report: { experiments: [{ name: 'analytics is away', outcome: 'held', seed: 7 }] },
    })
    expect(run.report?.experiments[0]?.recoveryMs).toBeTypeOf('number')
    expect(run.stdout).toMatch(/rolled back: all \d+ proxies listen and carry no toxic/)
  })

  test('finds that acknowledged messages are lost, and says how to see it again', async () => {
    const run = await chaos(['suites/chaos/analytics-away.chaos.ts', '--seed', '7'], {
      env: { FIXTURE_DEFECTS: 'lost-message' },
    })
    expect(run, run.stdout + run.stderr).toMatchObject({
      exitCode: 1,
      report: { experiments: [{ outcome: 'broken' }] },
    })
    const broken = run.report?.experiments[0]?.expectations.filter(({ outcome }) => outcome === 'broken')
    expect(broken).toMatchObject([{ name: 'nothing acknowledged is lost' }])
    expect(run.stdout).toContain(
      'faultline chaos suites/chaos/analytics-away.chaos.ts --env embedded --seed 7',
    )
  })

  test('finds that messages are doubled', async () => {
    const run = await chaos(['suites/chaos/analytics-away.chaos.ts'], {
      env: { FIXTURE_DEFECTS: 'doubled-message' },
    })
    expect(run, run.stdout + run.stderr).toMatchObject({ exitCode: 1 })
    const broken = run.report?.experiments[0]?.expectations.filter(({ outcome }) => outcome === 'broken')
    expect(broken).toMatchObject([{ name: 'nothing is doubled' }])
  })

  test('says nothing of a fault that did not bite', async () => {
    const run = await chaos(['suites/chaos/made-up/too-late.chaos.ts'])
    expect(run, run.stdout + run.stderr).toMatchObject({
      exitCode: 3,
      report: { experiments: [{ outcome: 'inconclusive', reason: expect.stringContaining('did not bite') }] },
    })
  })

  test('puts everything back on Ctrl-C, proves it, and keeps what it has', async () => {
    let interrupted = false
    const run = await chaos(['suites/chaos/database-silent.chaos.ts'], {
      meanwhile: (child, soFar) => {
        if (interrupted || !soFar.includes(': observe')) return
        interrupted = true
        child.kill('SIGINT')
      },
    })
    expect(run, run.stdout + run.stderr).toMatchObject({
      exitCode: 130,
      report: { experiments: [{ outcome: 'aborted' }] },
    })
    expect(run.stdout).toMatch(/rolled back: all \d+ proxies listen and carry no toxic, all 5 services run/)
  })

  test('refuses a fault that does not exist before anything is disturbed', async () => {
    const run = await chaos(['suites/chaos/analytics-away.chaos.ts', '--profile', 'link-dwn@app/analytics'])
    expect(run, run.stdout + run.stderr).toMatchObject({ exitCode: 64, report: undefined })
    expect(run.stderr).toContain('link-down')
  })

  test('refuses what looks like production, although it allows faults', async () => {
    const run = await chaos([
      'suites/chaos/analytics-away.chaos.ts',
      ...['--config', 'suites/chaos/made-up/production.config.ts', '--env', 'production'],
    ])
    expect(run, run.stdout + run.stderr).toMatchObject({ exitCode: 64, report: undefined })
    expect(run.stderr).toContain('FL4002')
  })
})
