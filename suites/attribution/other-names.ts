import { readdirSync } from 'node:fs'
import path from 'node:path'
import { defectNames } from '../../fixtures/backend/defects/registry.ts'
import type { JournalRecord } from '../../framework/journal/index.ts'
import { judgeRecords } from '../../framework/session/judge-run.ts'

const mistakes = readdirSync(path.join(import.meta.dirname, 'mistakes')).map((file) =>
  path.basename(file, '.e2e.ts'),
)

/** Names that mean nothing elsewhere: a database may well say "deadlock" by itself. */
const names = [...defectNames, ...mistakes].filter((name) => name.includes('-'))

const injected = ['fault-plan', 'fault-on', 'fault-off', 'fault-bit']

/** What is judged of a run, with the names of defects and mistakes replaced in it. */
export function judgedUnderOwnNames(records: readonly JournalRecord[]): unknown {
  return withoutIds(renamed(judgeRecords(records).judgement))
}

/** What is judged of the same run when every fault in it had another name and target, and every defect another name. */
export function judgedUnderOtherNames(records: readonly JournalRecord[]): unknown {
  const others = records.map((record) =>
    injected.includes(record.kind)
      ? {
          ...record,
          data: { fault: 'stopped', target: 'elsewhere', window: 'before', bit: true, faults: [] },
        }
      : record,
  )
  return withoutIds(judgeRecords(renamed(others)).judgement)
}

/** With every string in it renamed, but for what is said as a reason: a mistake may be called as its reason is. */
function renamed<Value>(value: Value): Value {
  const rename = (key: string, inner: unknown) =>
    typeof inner === 'string' && key !== 'reason'
      ? names.reduce((text, name, index) => text.replaceAll(name, `name-${index}`), inner)
      : inner
  return JSON.parse(JSON.stringify(value), rename) as Value
}

/** An incident's id is made of its tests' ids, and so of their files' names. */
function withoutIds(judgement: unknown): unknown {
  const seen = new Map<string, string>()
  const text = JSON.stringify(judgement).replaceAll(/"i-[0-9a-f]+"/g, (id) => {
    if (!seen.has(id)) seen.set(id, `"incident ${seen.size}"`)
    return seen.get(id)!
  })
  return JSON.parse(text)
}
