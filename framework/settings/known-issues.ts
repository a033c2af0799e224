import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { type EpochMs, FaultlineError, messageOf } from '#core'
import type { KnownIssue } from '#decision'

/** How far ahead an entry may expire, in days: what is known is mended, or agreed on anew. */
export const longestDays = 90

const texts = z.array(z.string().min(1)).min(1)

const entry = z.strictObject({
  fingerprints: z
    .array(z.string().regex(/^f-[0-9a-f]{12}$/, 'expected a fingerprint as `faultline explain` prints it'))
    .min(1)
    .describe('What it is recognised by: `faultline explain` prints it.'),
  owner: z.string().min(1).describe('Who answers for it.'),
  reason: z.string().min(1).describe('Why it may pass, with a link to where it is followed up.'),
  until: z.iso.date().describe(`The last day on which it acts, UTC; at most ${longestDays} days ahead.`),
  overrides: z
    .array(z.enum(['application', 'infrastructure', 'test', 'inconclusive']))
    .min(1)
    .optional()
    .describe('Which verdicts it may override. Default: infrastructure, test, inconclusive.'),
  scope: z
    .strictObject({
      tests: texts.optional().describe('Texts, of which one is in the test’s id.'),
      environments: texts.optional(),
      branches: texts.optional(),
    })
    .optional()
    .describe('Where it acts; a key that is left out doesn’t narrow.'),
})

/** The shape of the file; `schema/known-issues.json` is made from it. */
export const knownIssuesSchema = z.strictObject({
  $schema: z.string().optional(),
  knownIssues: z.array(entry),
})

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
