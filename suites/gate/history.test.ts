import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { smallProject } from './small-project.ts'

const defect = { FIXTURE_DEFECTS: 'wrong-answer' }

/** Several whole runs one after the other. */
const long = { timeout: 400_000 }

test(
  'what failed before is told, corrections become cases, and nothing is decided by either',
  long,
  async () => {
    await using project = await smallProject('history: {},')
    const first = await project.gate([], defect)
    const run = `.faultline/runs/${first.report.runId}`
    const why = ['--why', 'the words were counted wrongly in the test']
    const corrected = await project.faultline([
      'correct',
      run,
      'answers a message',
      '--class',
      'test',
      ...why,
    ])
    expect(corrected.exitCode, corrected.stderr).toBe(0)
    const second = await project.gate([], defect)
    expect([first.exitCode, second.exitCode]).toEqual([1, 1])
    expect(second.report.incidents.map(({ verdict }) => verdict.class)).toEqual(['application'])
    expect(first.report.seenBefore).toEqual({})
    expect(Object.values(second.report.seenBefore)).toMatchObject([{ runs: 1, verdicts: { application: 1 } }])

    const { stdout } = await project.faultline(['history', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      tests: [{ runs: 2 }, { runs: 2, successShare: 1 }],
      failures: [{ runs: 2 }],
      corrections: [{ class: 'test', said: expect.stringContaining('application') }],
    })

    await project.faultline(['history', 'export', '--cases', 'cases'])
    const [label] = await readdir(path.join(project.folder, 'cases/labels'))
    const written = JSON.parse(
      await readFile(path.join(project.folder, 'cases/labels', label!), 'utf8'),
    ) as Record<string, unknown>
    expect(written).toMatchObject({ truth: { class: 'test', defect: true }, split: 'calibration' })
    const journal = path.join(project.folder, 'cases/journals', `${written['id'] as string}.ndjson`)
    const original = await readFile(path.join(project.folder, run, 'journal.ndjson'), 'utf8')
    expect(await readFile(journal, 'utf8')).toBe(original)
  },
)

test('a history that can’t be used costs the run nothing but a warning', async () => {
  await using project = await smallProject(`history: { file: 'history.sqlite' },`)
  await writeFile(
    path.join(project.folder, 'history.sqlite'),
    'somebody’s notes, and no database '.repeat(100),
  )
  const { exitCode, stderr } = await project.gate([])
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('not in the history'),
  })
  const { exitCode: asked, stderr: said } = await project.faultline(['history'])
  expect({ asked, said }).toMatchObject({ asked: 64, said: expect.stringContaining('FL6005') })
})

test('without history in the configuration nothing is kept', async () => {
  await using project = await smallProject('')
  const { exitCode, stderr } = await project.faultline(['history'])
  expect({ exitCode, stderr }).toMatchObject({
    exitCode: 64,
    stderr: expect.stringContaining('history is off'),
  })
})
