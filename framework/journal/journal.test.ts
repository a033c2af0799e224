import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Redactor, secret } from '#core'
import { type JournalRecord, journalFormat, type NewRecord, openJournal, readJournal } from '#journal'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-journal-'))
  file = join(folder, 'journal.ndjson')
})
afterEach(() => rm(folder, { recursive: true }))

const redactor = new Redactor()

async function write(file: string, records: readonly NewRecord[], options = { redactor }) {
  await using journal = openJournal(file, options)
  for (const record of records) journal.append(record)
}

/** What was written, without the header. */
async function readBack(file: string): Promise<readonly JournalRecord[]> {
  return (await readJournal(file)).records.slice(1)
}

const records = fc.array(
  fc.record({
    at: fc.double({ noNaN: true, noDefaultInfinity: true }).map((at) => at + 0),
    source: fc.string({ unit: 'binary' }),
    kind: fc.string(),
    data: fc.jsonValue(),
  }),
)

test('any records survive a round trip', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(records, async (given) => {
      const file = join(folder, `${run++}`)
      await write(file, given)
      expect(JSON.stringify(await readBack(file))).toBe(JSON.stringify(given))
    }),
    { numRuns: 50 },
  )
})

test('any prefix of a journal reads as a prefix of its records', async () => {
  await write(file, [
    { source: 'a', kind: 'k', data: { text: 'smørrebrød\u2028\n' } },
    { source: 'b', kind: 'k', data: [1, { two: null }] },
  ])
  const bytes = await readFile(file)
  const { records: whole } = await readJournal(file)
  const cut = join(folder, 'cut')
  for (let length = 0; length <= bytes.length; length++) {
    await writeFile(cut, bytes.subarray(0, length))
    const read = await readJournal(cut)
    expect(read.records).toEqual(whole.slice(0, read.records.length))
    expect(read.records.length).toBeGreaterThanOrEqual(
      bytes.subarray(0, length).filter((b) => b === 10).length,
    )
  }
})

test('the first record names the format', async () => {
  await write(file, [])
  expect((await readJournal(file)).records).toMatchObject([
    { kind: 'journal', data: { format: journalFormat } },
  ])
})

test('a last line that was broken off is dropped and reported', async () => {
  await write(file, [{ source: 's', kind: 'k', data: 1 }])
  await appendFile(file, '{"at":1,"sour')
  expect(await readJournal(file)).toMatchObject({ records: [{ kind: 'journal' }, { data: 1 }], torn: true })
})

test.each([
  ['not JSON', '{"at":1,"sou'],
  ['not an object', '7'],
  ['`kind` is not a string', '{"at":1,"source":"s","data":1}'],
  ['`data` is missing', '{"at":1,"source":"s","kind":"k"}'],
])('a damaged line within the file is refused with its number: %s', async (problem, line) => {
  await write(file, [{ source: 's', kind: 'k', data: 1 }])
  await appendFile(file, `${line}\n{"at":2,"source":"s","kind":"k","data":2}\n`)
  await expect(readJournal(file)).rejects.toMatchObject({ code: 'FL6002', message: `${file}:3: ${problem}` })
})

test('a file of another kind is not taken for a journal', async () => {
  await writeFile(file, '{"at":1,"source":"s","kind":"k","data":1}\n')
  await expect(readJournal(file)).rejects.toMatchObject({ code: 'FL6002' })
})

test('a journal of another format is refused by name', async () => {
  await writeFile(file, '{"at":1,"source":"s","kind":"journal","data":{"format":"faultline.journal/9"}}\n')
  await expect(readJournal(file)).rejects.toThrow('faultline.journal/9')
})

test('a journal that is not there is refused', async () => {
  await expect(readJournal(file)).rejects.toMatchObject({ code: 'FL6002' })
})

test('an urgent record is in the file when append returns, with all before it', async () => {
  await using journal = openJournal(file, { redactor })
  journal.append({ source: 's', kind: 'early', data: null })
  journal.append({ source: 's', kind: 'fault', data: null, urgent: true })
  expect((await readBack(file)).map((record) => record.kind)).toEqual(['early', 'fault'])
})

test('a record that is not urgent reaches the file by itself', async () => {
  await using journal = openJournal(file, { redactor })
  journal.append({ source: 's', kind: 'later', data: null })
  await expect.poll(() => readBack(file)).toMatchObject([{ kind: 'later' }])
})

test('secrets are redacted wherever they stand, also as keys and as Secret', async () => {
  const own = new Redactor()
  own.add('hunter22')
  await write(
    file,
    [{ source: 'hunter22', kind: 'k', data: { hunter22: ['x hunter22'], s: secret('other') } }],
    {
      redactor: own,
    },
  )
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain('hunter22')
  expect(text).not.toContain('other')
})

test('a record that is not JSON becomes a record that says so, and the rest is kept', async () => {
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  await write(file, [
    { source: 's', kind: 'cyclic', data: cycle },
    { source: 's', kind: 'big', data: 1n },
    { source: 's', kind: 'code', data: () => 1 },
    { source: 's', kind: 'no-time', at: Number.NaN, data: 1 },
    { source: 's', kind: 'good', data: 1 },
  ])
  const kinds = (await readBack(file)).map((record) => record.kind)
  expect(kinds).toEqual(['unwritable', 'unwritable', 'unwritable', 'unwritable', 'good'])
})

test('a second writer is refused, so that no two runs share a journal', async () => {
  await using _first = openJournal(file, { redactor })
  expect(() => openJournal(file, { redactor })).toThrow(expect.objectContaining({ code: 'FL6003' }))
})

test('a full disk is reported once and throws nothing into callers', async () => {
  await using journal = openJournal('/dev/full', { redactor })
  journal.append({ source: 's', kind: 'k', data: 1, urgent: true })
  expect(await journal.failed).toMatchObject({ code: 'FL6003', message: expect.stringContaining('ENOSPC') })
})

test('a file that is deleted under the writer is reported', async () => {
  await using journal = openJournal(file, { redactor })
  await rm(file)
  journal.append({ source: 's', kind: 'k', data: 1, urgent: true })
  expect((await journal.failed).message).toContain('removed')
})
