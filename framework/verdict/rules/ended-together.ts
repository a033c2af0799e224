import { type EntryFinding, hasEnded } from '../findings/entry.ts'
import { exampleAway } from './example.ts'
import { atTime, type Rule } from './rule.ts'

const entry: EntryFinding = { state: 'down', seenBy: 'app-side', at: 0, unwell: false }
const auth = { link: 'app/auth', service: 'auth', owner: 'sut' } as const

/**
 * The application ended, and a service of ours that it requires was dead too, while all that isn't ours was fine. Whichever ended
 * the other, no witness speaks for infrastructure, and what the two share is the change.
 */
export const endedTogether: Rule = {
  id: 'ended-together',
  reasons: ['ended-together'],
  matches: exampleAway(auth, { entry, dependencies: 'ours-down' }),
  passesOver: exampleAway({}, { entry }),
  weigh({ entry: found, dependencies, entryName, outages }) {
    if (!hasEnded(found) || dependencies !== 'ours-down') return undefined
    const ours = outages.filter(({ onPath, owner }) => onPath && owner === 'sut')
    const others = new Set(ours.map(({ service }) => service))
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'ended-together',
      weight: 0.8,
      because: `${entryName} ended${atTime(found.at)} while ${[...others].join(' and ')}, ours as well, was dead, and all that isn't ours was fine`,
    }
  },
}
