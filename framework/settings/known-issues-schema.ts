import * as z from 'zod'

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
