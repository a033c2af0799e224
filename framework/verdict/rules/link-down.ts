import { exampleAway } from './example.ts'
import { isFlapping, outageBehind, sentenceOf } from './outage.ts'
import type { Rule } from './rule.ts'

/** Dead app-side for everybody, while the service behind it was seen running: the link itself. */
export const linkDown: Rule = {
  id: 'link-down',
  reasons: ['link-down', 'link-silent', 'link-flapping'],
  matches: exampleAway({ platform: 'running' }),
  passesOver: exampleAway({ platform: 'stopped' }),
  weigh(findings) {
    const outage = outageBehind(findings)
    if (!outage || outage.manner === 'unwell') return undefined
    if (outage.platform !== 'running' && !(outage.seenWellPastLink && outage.platform === 'unknown'))
      return undefined
    return {
      class: 'infrastructure',
      scope: 'environment',
      subject: outage.link,
      reason: isFlapping(outage) ? 'link-flapping' : outage.manner === 'silent' ? 'link-silent' : 'link-down',
      weight: isFlapping(outage) ? 0.9 : 0.95,
      because: `${sentenceOf(outage)}, while ${outage.service} was seen running untouched`,
    }
  },
}
