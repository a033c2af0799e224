import { exampleAway } from './example.ts'
import { outageBehind, sentenceOf } from './outage.ts'
import type { Rule } from './rule.ts'

const auth = { link: 'app/auth', service: 'auth', owner: 'sut' } as const

/** A service of ours behind the application ended by itself. */
export const ownedServiceExited: Rule = {
  id: 'owned-service-exited',
  reasons: ['owned-service-exited'],
  matches: exampleAway({ ...auth, platform: 'exited' }),
  passesOver: exampleAway({ ...auth, platform: 'running' }),
  weigh(findings) {
    const outage = outageBehind(findings)
    if (outage?.owner !== 'sut' || outage.platform !== 'exited') return undefined
    return {
      class: 'application',
      scope: null,
      subject: outage.service,
      reason: 'owned-service-exited',
      weight: 0.9,
      because: `${outage.service} ended by itself: ${sentenceOf(outage)}`,
    }
  },
}
