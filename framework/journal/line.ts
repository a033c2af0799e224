import { messageOf, now, type Redactor } from '#core'
import type { JournalRecord, NewRecord } from './record.ts'

/**
 * The record as one redacted line with its newline. A record that can't be written as JSON (a cycle, a BigInt) becomes
 * an `unwritable` record that says so, because one bad record must neither throw nor spoil the file.
 */
export function toLine(record: NewRecord, redactor: Redactor): string {
  const { at = now(), source, kind, data } = record
  try {
    const line = JSON.stringify(redactor.value({ at, source, kind, data: data ?? null }))
    const problem = problemOf(JSON.parse(line))
    if (problem) throw new TypeError(problem)
    return `${line}\n`
  } catch (error) {
    const substitute = { kind: String(kind), problem: redactor.text(messageOf(error)) }
    return `${JSON.stringify({ at: now(), source: String(source), kind: 'unwritable', data: substitute })}\n`
  }
}

/** What keeps a parsed line from being a record, or `undefined` when it is one. */
export function problemOf(value: unknown): string | undefined {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return 'not an object'
  const { at, source, kind } = value as Partial<JournalRecord>
  if (typeof at !== 'number') return '`at` is not a number'
  if (typeof source !== 'string') return '`source` is not a string'
  if (typeof kind !== 'string') return '`kind` is not a string'
  if (!('data' in value)) return '`data` is missing'
  return undefined
}
