import { exampleAway, exampleFindings } from './example.ts'
import { outageBehind, sentenceOf } from './outage.ts'
import type { Rule } from './rule.ts'

/** Dead app-side for everybody, and nothing tells the link from the service behind it. */
export const linkOrService: Rule = {
  id: 'link-or-service',
  reasons: ['link-or-service'],
  matches: exampleAway({ platform: 'unknown' }),
  passesOver: exampleFindings(),
  weigh(findings) {
    const outage = outageBehind(findings)
    if (!outage || outage.manner === 'unwell' || outage.platform !== 'unknown' || outage.seenWellPastLink)
      return undefined
    return {
      class: 'infrastructure',
      scope: 'environment',
      subject: outage.link,
      reason: 'link-or-service',
      weight: 0.85,
      because: sentenceOf(outage),
    }
  },
}
