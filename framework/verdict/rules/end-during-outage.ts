import { type EntryFinding, hasEnded } from '../findings/entry.ts'
import { exampleAway, exampleFindings } from './example.ts'
import { atTime, type Rule } from './rule.ts'

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
  weigh({ entry: found, dependencies, entryName }) {
    if (!hasEnded(found) || dependencies !== 'down') return undefined
    return {
      class: 'inconclusive',
      scope: null,
      subject: entryName,
      reason: 'end-during-outage',
      weight: 0.5,
      because: `${entryName} ended${atTime(found.at)} while something that it requires was away: run again when it is back`,
    }
  },
}
