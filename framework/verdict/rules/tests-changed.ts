import { exampleFailure, exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const trouble = exampleFailure({ family: 'name-gone', target: 'nowhere.example' })

/** The change touches tests only: it can't have broken the application, which may have been broken before. A leaning. */
export const testsChanged: Rule = {
  id: 'tests-changed',
  reasons: ['tests-changed'],
  matches: exampleFindings({ trouble, change: { touches: 'tests-only', control: null } }),
  passesOver: exampleFindings({ trouble, change: { touches: 'both', control: null } }),
  weigh({ trouble, change, path, rerun }) {
    if (trouble.kind !== 'failure' || change.touches !== 'tests-only' || !path.cleared) return undefined
    if (rerun.passesAfter > 0) return undefined
    return {
      class: 'test',
      scope: null,
      subject: trouble.attempt.testId,
      reason: 'tests-changed',
      weight: 0.4,
      because: 'the change touches tests only, and the path was seen well',
    }
  },
}
