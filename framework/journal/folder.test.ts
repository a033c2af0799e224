import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Redactor } from '#core'
import { createRun, findRun, openJournal } from '#journal'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-runs-'))
})
afterEach(() => rm(root, { recursive: true }))

async function recordedRun() {
  const run = await createRun(root)
  await using _journal = openJournal(run.journal, { redactor: new Redactor() })
  return run
}

test('many runs begun at once have a folder each', async () => {
  const runs = await Promise.all(Array.from({ length: 50 }, () => createRun(root)))
  expect(new Set(runs.map((run) => run.folder)).size).toBe(50)
})

test('ids sort by the time of the run', async () => {
  const first = await createRun(root)
  await expect.poll(async () => (await createRun(root)).id > first.id).toBe(true)
})

test('a place where no folder can be made is refused', async () => {
  await writeFile(join(root, '.faultline'), 'a file in the way')
  await expect(createRun(root)).rejects.toMatchObject({ code: 'FL6003' })
})

test('a run is found by id, by folder and by file', async () => {
  const run = await recordedRun()
  await recordedRun()
  for (const which of [run.id, run.folder, run.journal]) expect(await findRun(root, which)).toEqual(run)
})

test('without a name the latest run that has a journal is found', async () => {
  const run = await recordedRun()
  await expect.poll(async () => (await createRun(root)).id > run.id).toBe(true)
  expect(await findRun(root)).toEqual(run)
})

test.each([undefined, 'nothing-like-it', '..'])('a run that is not there is refused: %s', async (which) => {
  await createRun(root)
  await expect(findRun(root, which)).rejects.toMatchObject({ code: 'FL6001' })
})
