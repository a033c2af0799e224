import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { limitLog } from './log-limit.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-limit-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a log that grew too long is put aside and begins anew', async () => {
  const log = join(folder, 'app.log')
  await writeFile(log, 'first\n')
  await limitLog(log, 3)
  await appendFile(log, 'second\n')
  expect(await readFile(`${log}.1`, 'utf8')).toBe('first\n')
  expect(await readFile(log, 'utf8')).toBe('second\n')
})

test('a short log is left alone, and so is one that is missing', async () => {
  const log = join(folder, 'app.log')
  await writeFile(log, 'first\n')
  await limitLog(log, 100)
  await limitLog(join(folder, 'other.log'), 100)
  expect(await readFile(log, 'utf8')).toBe('first\n')
})
