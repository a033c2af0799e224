import { exampleAway, exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const rerun = { ...exampleFindings().rerun, passesAfter: 2, firstPassAt: 0 }

/** It passed when run again, and nothing was ever seen: a race in the application or in the test, not an outage. */
export const raceSuspected: Rule = {
  id: 'race-suspected',
  reasons: ['race-suspected'],
  matches: exampleFindings({ rerun }),
  passesOver: exampleAway({}, { rerun }),
  weigh({ trouble, rerun: { passesAfter }, outages, slow, entry, edge, runner, misuse, timeout }) {
    if (trouble.kind !== 'failure' || passesAfter === 0) return undefined
    const seen =
      outages.some((outage) => outage.onPath) ||
      slow.some(({ fits }) => fits) ||
      edge.state === 'dead' ||
      runner.controlDead ||
      runner.starved
    const own = misuse || timeout?.below || trouble.family === 'wrong-value'
    if (seen || own || (entry.state !== 'same' && entry.state !== 'unseen')) return undefined
    return {
      class: 'inconclusive',
      scope: null,
      subject: trouble.attempt.testId,
      reason: 'race-suspected',
      weight: 0.5,
      because: `it passed ${passesAfter === 1 ? 'once' : `${passesAfter} times`} when run again, and nothing was ever seen to fail`,
    }
  },
}
