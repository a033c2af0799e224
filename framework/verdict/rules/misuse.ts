import type { MisuseFinding } from '../findings/test-code.ts'
import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

/** The test's own code made a mistake that its error shows. */
export const misuse: Rule = {
  id: 'misuse',
  reasons: ['bad-url', 'used-after-end', 'ambiguous-selector', 'own-code', 'unknown-address', 'misuse'],
  matches: exampleFindings({ misuse: { reason: 'bad-url', detail: 'Invalid URL' } }),
  passesOver: exampleFindings(),
  weigh({ misuse: found, trouble }) {
    if (!found || trouble.kind !== 'failure') return undefined
    return {
      class: 'test',
      scope: null,
      subject: trouble.attempt.testId,
      reason: found.reason,
      weight: weightOf(found),
      because: found.afterAnswer ? `${found.detail}, or an answer lacked what it reads` : found.detail,
    }
  },
}

function weightOf({ reason, afterAnswer }: MisuseFinding): number {
  if (afterAnswer) return 0.75
  return reason === 'unknown-address' ? 0.8 : 0.95
}
