import { exampleAway } from './example.ts'
import { outageBehind, sentenceOf } from './outage.ts'
import type { Rule } from './rule.ts'

/** Dead app-side, and the platform saw the service end; or the service itself answered that it can't serve. */
export const serviceDown: Rule = {
  id: 'service-down',
  reasons: ['service-stopped', 'service-exited', 'service-unwell'],
  matches: exampleAway({ platform: 'stopped' }),
  passesOver: exampleAway({ platform: 'running' }),
  weigh(findings) {
    const outage = outageBehind(findings)
    if (!outage || outage.owner === 'sut') return undefined
    const ended = outage.platform === 'stopped' || outage.platform === 'exited'
    if (!ended && outage.manner !== 'unwell') return undefined
    return {
      class: 'infrastructure',
      scope: 'environment',
      subject: outage.service,
      reason: ended ? `service-${outage.platform}` : 'service-unwell',
      weight: ended ? 0.95 : 0.85,
      because: ended
        ? `${sentenceOf(outage)}; the platform says that ${outage.service} ${outage.platform === 'exited' ? 'exited' : 'was stopped'}`
        : sentenceOf(outage),
    }
  },
}
