import { failsAgain } from '../findings/again.ts'
import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const rerun = { ...exampleFindings().rerun, onHealthy: true, failedAlikeBefore: true }

/** Fails again after a verified recovery: whatever was away before, it isn't what fails now. */
export const failsAgainRule: Rule = {
  id: 'fails-again',
  reasons: ['fails-again'],
  matches: exampleFindings({ rerun }),
  passesOver: exampleFindings({
    rerun,
    path: { cleared: false, flaws: [], gaps: ['no look over app/database for 2000 ms'], unwatched: [] },
  }),
  weigh(findings) {
    if (findings.trouble.kind !== 'failure' || !failsAgain(findings)) return undefined
    return {
      class: 'application',
      scope: null,
      subject: findings.entryName,
      reason: 'fails-again',
      weight: 0.88,
      because: 'the rerun began after everything was seen healthy, and failed again',
    }
  },
}
