import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

/** The same test by turns on two deployments: it passes on the known-good one and fails on this one alone. */
export const failsOnCandidateOnly: Rule = {
  id: 'fails-on-candidate-only',
  reasons: ['candidate-only'],
  matches: exampleFindings({ change: { touches: null, control: 'candidate-only' } }),
  passesOver: exampleFindings({ change: { touches: null, control: 'both' } }),
  weigh({ trouble, change, path, entryName }) {
    if (trouble.kind !== 'failure' || change.control !== 'candidate-only' || !path.cleared) return undefined
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'candidate-only',
      weight: 0.9,
      because: 'run by turns, it failed alike on the candidate and passed on the known-good deployment',
    }
  },
}
