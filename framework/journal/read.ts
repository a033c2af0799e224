import { createReadStream } from 'node:fs'
import { FaultlineError, messageOf } from '#core'
import { problemOf } from './line.ts'
import { eachLine } from './lines.ts'
import { type HeaderRecord, type JournalRecord, journalFormat } from './record.ts'

/** A journal, read back. */
export interface ReadJournal {
  /** In the order of the file, the header first. */
  readonly records: readonly JournalRecord[]
  /** The last line was broken off: its writer was killed in the middle of a write. */
  readonly torn: boolean
}

/**
 * Reads a whole journal, chunk by chunk. A last line that was broken off is dropped and reported as `torn`.
 *
 * @throws FaultlineError `FL6002` when the file can't be read, isn't a journal, or a line within it is damaged (with its number).
 */
export async function readJournal(file: string, signal?: AbortSignal): Promise<ReadJournal> {
  const records: JournalRecord[] = []
  const add = (line: Buffer) => {
    const number = records.length + 1
    const record = parse(line, (problem) => unreadable(`${file}:${number}`, problem))
    if (number === 1) checkHeader(record, file)
    records.push(record)
  }
  const rest = await readLines(file, add, signal)
  if (rest.length === 0) return { records, torn: false }
  try {
    add(rest)
    return { records, torn: false }
  } catch {
    return { records, torn: true }
  }
}

async function readLines(
  file: string,
  onLine: (line: Buffer) => void,
  signal?: AbortSignal,
): Promise<Buffer> {
  const chunks = createReadStream(file, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) })
  try {
    return await eachLine(chunks, onLine)
  } catch (error) {
    signal?.throwIfAborted()
    throw error instanceof FaultlineError ? error : unreadable(file, messageOf(error), error)
  }
}

function parse(line: Buffer, refuse: (problem: string) => FaultlineError): JournalRecord {
  let value: unknown
  try {
    value = JSON.parse(line.toString())
  } catch {
    throw refuse('not JSON')
  }
  const problem = problemOf(value)
  if (problem) throw refuse(problem)
  return value as JournalRecord
}

function checkHeader(record: JournalRecord, file: string): void {
  if (record.kind !== 'journal') throw unreadable(`${file}:1`, 'the file is not a journal')
  const { format } = (record as HeaderRecord).data ?? {}
  if (format !== journalFormat)
    throw unreadable(`${file}:1`, `its format is ${JSON.stringify(format)}, not ${journalFormat}`)
}

function unreadable(where: string, problem: string, cause?: unknown): FaultlineError {
  return new FaultlineError('FL6002', `${where}: ${problem}`, cause === undefined ? {} : { cause })
}
