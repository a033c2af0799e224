import { exampleFailure, exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const trouble = exampleFailure({ family: 'name-gone', target: 'nowhere.example' })

/** The change touches the application only: the test is what it was. A leaning. */
export const applicationChanged: Rule = {
  id: 'application-changed',
  reasons: ['application-changed'],
  matches: exampleFindings({ trouble, change: { touches: 'application-only', control: null } }),
  passesOver: exampleFindings({ trouble, change: { touches: 'tests-only', control: null } }),
  weigh({ trouble, change, path, rerun, entryName }) {
    if (trouble.kind !== 'failure' || change.touches !== 'application-only' || !path.cleared) return undefined
    if (rerun.passesAfter > 0) return undefined
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'application-changed',
      weight: 0.4,
      because: 'the change touches the application only, and the path was seen well',
    }
  },
}
