import type { SlotsFinding } from '../findings/slots.ts'
import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const slots: SlotsFinding = { service: 'database', ours: 98, before: 7, slots: 100 }
const path = {
  ...{ cleared: false, flaws: ['a look over app/database ended as unwell (53300)'] },
  ...{ gaps: [], unwatched: [] },
}

/** The database has no slot left, and counts them as the application's: it took them in the course of this run. */
export const slotsTaken: Rule = {
  id: 'slots-taken',
  reasons: ['slots-taken'],
  matches: exampleFindings({ slots, path }),
  passesOver: exampleFindings({ path }),
  weigh({ slots: found, trouble, entryName }) {
    if (!found || trouble.kind !== 'failure') return undefined
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'slots-taken',
      weight: 0.85,
      because: `${found.service} had no slot left, and counted ${found.ours} of ${found.slots} as the application’s, which held ${found.before} before`,
    }
  },
}
