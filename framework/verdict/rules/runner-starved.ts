import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const runner = exampleFindings().runner

/** The process that ran the test was denied the processor for much of the operation. */
export const runnerStarved: Rule = {
  id: 'runner-starved',
  reasons: ['runner-starved'],
  matches: exampleFindings({ runner: { ...runner, starved: true, deniedShare: 0.8 } }),
  passesOver: exampleFindings({ runner: { ...runner, ownCodeHeldLoop: true } }),
  weigh({ runner: { starved, deniedShare }, trouble }) {
    if (!starved || (trouble.family !== 'no-answer' && trouble.family !== 'starved')) return undefined
    return {
      class: 'infrastructure',
      scope: 'runner',
      subject: 'runner',
      reason: 'runner-starved',
      weight: 0.85,
      because: `the test’s process was denied the processor for ${Math.round(deniedShare * 100)} % of the operation`,
    }
  },
}
