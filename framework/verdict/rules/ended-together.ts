import type { EntryFinding } from '../findings/entry.ts'
import { exampleAway } from './example.ts'
import { clock, type Rule } from './rule.ts'

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
  weigh({ entry: { state, at }, dependencies, entryName, outages }) {
    const ended = state === 'exited' || state === 'restarted' || state === 'down'
    if (!ended || dependencies !== 'ours-down') return undefined
    const others = new Set(outages.filter(({ onPath }) => onPath).map(({ service }) => service))
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'ended-together',
      weight: 0.8,
      because: `${entryName} ended${at === null ? '' : ` (${clock(at)})`} while ${[...others].join(' and ')}, ours as well, was dead, and all that isn't ours was fine`,
    }
  },
}
