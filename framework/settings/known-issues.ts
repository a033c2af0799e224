import { readFile } from 'node:fs/promises'
import { type EpochMs, FaultlineError, messageOf } from '#core'
import type { KnownIssue } from '#decision'
import { knownIssuesSchema, longestDays } from './known-issues-schema.ts'

/**
 * Reads a file of known issues. An entry that has expired is no mistake: it acts no longer, and is told.
 * Throws FL1008 with every mistake at once, also for an entry that expires too far ahead of `at`.
 */
export async function readKnownIssues(file: string, at: EpochMs): Promise<readonly KnownIssue[]> {
  let value: unknown
  try {
    value = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw invalid(file, [messageOf(error)], error)
  }
  const parsed = knownIssuesSchema.safeParse(value)
  if (!parsed.success)
    throw invalid(
      file,
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`),
    )
  const { knownIssues } = parsed.data
  const latest = at + longestDays * 86_400_000
  const late = knownIssues.flatMap(({ until }, index) =>
    Date.parse(until) > latest
      ? [`knownIssues.${index}.until: ${until} is more than ${longestDays} days ahead`]
      : [],
  )
  if (late.length > 0) throw invalid(file, late)
  return knownIssues as readonly KnownIssue[]
}

function invalid(file: string, problems: readonly string[], cause?: unknown): FaultlineError {
  const remedy = 'mend each line above; schema/known-issues.json shows every key'
  return new FaultlineError('FL1008', `${file}:\n${problems.map((line) => `  ${line}`).join('\n')}`, {
    remedy,
    ...(cause === undefined ? {} : { cause }),
  })
}
