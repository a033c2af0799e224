import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

/**
 * It fails alike on a known-good deployment: the change didn't cause it. Who did is for others to say; what the application
 * was seen to do wrong by itself weighs more, and blocks all the same.
 */
export const notTheChange: Rule = {
  id: 'not-the-change',
  reasons: ['not-the-change'],
  matches: exampleFindings({ change: { touches: null, control: 'both' } }),
  passesOver: exampleFindings({ change: { touches: null, control: 'candidate-only' } }),
  weigh({ trouble, change, outages, edge, runner }) {
    if (trouble.kind !== 'failure' || change.control !== 'both') return undefined
    // A witness of trouble explains both failures, and is for the rules of infrastructure to weigh.
    if (outages.some((outage) => outage.onPath) || edge.state === 'dead') return undefined
    if (runner.starved || runner.controlDead) return undefined
    return {
      class: 'inconclusive',
      scope: null,
      subject: trouble.attempt.testId,
      reason: 'not-the-change',
      weight: 0.75,
      because: 'run by turns, it failed alike on the candidate and on the known-good deployment',
    }
  },
}
