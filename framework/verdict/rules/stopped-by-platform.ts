import { exampleFindings } from './example.ts'
import { clock, type Rule } from './rule.ts'

/** The platform ended the application while it was seen well. */
export const stoppedByPlatform: Rule = {
  id: 'stopped-by-platform',
  reasons: ['stopped-by-platform'],
  matches: exampleFindings({
    entry: { state: 'stopped', seenBy: 'platform', at: 0, unwell: false },
    edge: { state: 'unseen' },
    path: { cleared: false, flaws: ['client/app was seen refused'], gaps: [], unwatched: [] },
  }),
  passesOver: exampleFindings({ entry: { state: 'exited', seenBy: 'platform', at: 0, unwell: false } }),
  weigh({ entry, entryName }) {
    if (entry.state !== 'stopped' || entry.at === null) return undefined
    return {
      class: 'infrastructure',
      scope: 'environment',
      subject: entryName,
      reason: 'stopped-by-platform',
      weight: 0.8,
      because: `the platform stopped ${entryName} at ${clock(entry.at)}, which had answered well until then`,
    }
  },
}
