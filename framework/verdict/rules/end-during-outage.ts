import type { EntryFinding } from '../findings/entry.ts'
import { exampleAway, exampleFindings } from './example.ts'
import { clock, type Rule } from './rule.ts'

const entry: EntryFinding = { state: 'restarted', seenBy: 'app-side', at: 0, unwell: false }

/**
 * The application ended while something that it requires was away. A sound one lives through that, so the outage doesn't excuse
 * it; but the end may be a consequence, so it isn't proof either.
 */
export const endDuringOutage: Rule = {
  id: 'end-during-outage',
  reasons: ['end-during-outage'],
  matches: exampleAway({}, { entry }),
  passesOver: exampleFindings({ entry }),
  weigh({ entry: { state, at }, dependencies, entryName }) {
    const ended = state === 'exited' || state === 'restarted' || state === 'down'
    if (!ended || dependencies !== 'down') return undefined
    return {
      class: 'inconclusive',
      scope: null,
      subject: entryName,
      reason: 'end-during-outage',
      weight: 0.5,
      because: `${entryName} ended${at === null ? '' : ` (${clock(at)})`} while something that it requires was away: run again when it is back`,
    }
  },
}
