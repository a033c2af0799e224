import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { readKnownIssues } from './known-issues.ts'
import { knownIssuesSchema } from './known-issues-schema.ts'

const at = Date.UTC(2026, 0, 1)
const entry = { fingerprints: ['f-0123456789ab'], owner: 'ada', reason: 'slow disk', until: '2026-01-31' }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-known-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(value: unknown) {
  const file = path.join(folder, 'known-issues.json')
  await writeFile(file, typeof value === 'string' ? value : JSON.stringify(value))
  return readKnownIssues(file, at)
}

test('entries are read as they are written', async () => {
  expect(await read({ knownIssues: [entry] })).toEqual([entry])
})

test('an entry that has expired is read too', async () => {
  expect(await read({ knownIssues: [{ ...entry, until: '2025-12-31' }] })).toHaveLength(1)
})

test.for([
  ['no JSON', '{'],
  ['an unknown key', { knownIssues: [{ ...entry, untill: '2026-01-31' }] }],
  ['no expiry', { knownIssues: [{ ...entry, until: undefined }] }],
  ['an expiry that is no day', { knownIssues: [{ ...entry, until: '2026-02-31' }] }],
  ['an expiry more than ninety days ahead', { knownIssues: [{ ...entry, until: '2026-04-02' }] }],
  ['no owner', { knownIssues: [{ ...entry, owner: '' }] }],
  ['something that is no fingerprint', { knownIssues: [{ ...entry, fingerprints: ['.*'] }] }],
] as const)('%s is refused', async ([, value]) => {
  await expect(read(value)).rejects.toMatchObject({ code: 'FL1008' })
})

test('a file that isn’t there is refused', async () => {
  await expect(readKnownIssues(path.join(folder, 'none.json'), at)).rejects.toMatchObject({ code: 'FL1008' })
})

test('the published schema is the one that files are read by', async () => {
  const published = JSON.parse(
    await readFile(path.resolve(import.meta.dirname, '../../schema/known-issues.json'), 'utf8'),
  ) as Record<string, unknown>
  const { $id: _, title: __, ...rest } = published
  expect(rest).toEqual(z.toJSONSchema(knownIssuesSchema))
})
