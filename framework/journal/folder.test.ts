import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Redactor, waitFor } from '#core'
import { createRun, findRun, openJournal } from '#journal'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-runs-'))
})
afterEach(() => rm(root, { recursive: true }))

/** A new run, at least a millisecond after everything before it: ids of one millisecond sort by chance. */
async function laterRun() {
  const from = Date.now()
  await waitFor(() => Date.now() > from, { limitMs: 5000, everyMs: 1 })
  return createRun(root)
}

async function recordedRun() {
  const run = await laterRun()
  await using _journal = openJournal(run.journal, { redactor: new Redactor() })
  return run
}

test('many runs begun at once have a folder each', async () => {
  const runs = await Promise.all(Array.from({ length: 50 }, () => createRun(root)))
  expect(new Set(runs.map((run) => run.folder)).size).toBe(50)
})

test('ids sort by the time of the run', async () => {
  const ids = [await laterRun(), await laterRun(), await laterRun()].map((run) => run.id)
  expect(ids.toSorted()).toEqual(ids)
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
  await recordedRun()
  const run = await recordedRun()
  await laterRun()
  expect(await findRun(root)).toEqual(run)
})

test.each([undefined, 'nothing-like-it', '..'])('a run that is not there is refused: %s', async (which) => {
  await createRun(root)
  await expect(findRun(root, which)).rejects.toMatchObject({ code: 'FL6001' })
})
