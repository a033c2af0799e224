import type { EntryFinding } from '../findings/entry.ts'
import { isAway } from '../findings/path.ts'
import { exampleAway, exampleFindings } from './example.ts'
import { atTime, type Rule } from './rule.ts'

const exited: EntryFinding = { state: 'exited', seenBy: 'platform', at: 0, unwell: false }

const sentences: Partial<Record<EntryFinding['state'], readonly [weight: number, text: string]>> = {
  exited: [0.95, 'ended by itself'],
  restarted: [0.9, 'was another instance from then on'],
  down: [0.85, 'was down at its own address'],
  hung: [0.85, 'did not answer at its own address'],
}

/** The application ended, restarted or hung, while all that it requires was fine. */
export const ownEnd: Rule = {
  id: 'own-end',
  reasons: ['exited', 'restarted', 'down', 'hung'],
  matches: exampleFindings({ entry: exited, edge: { state: 'unseen' } }),
  passesOver: exampleAway({}, { entry: exited }),
  weigh({ entry, entryName, dependencies }) {
    const sentence = sentences[entry.state]
    if (!sentence || isAway(dependencies)) return undefined
    const [weight, text] = sentence
    const fine = dependencies === 'fine' ? ', while all that it requires was fine' : ''
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: entry.state,
      weight,
      because: `${entryName} ${text}${atTime(entry.at)}${fine}`,
    }
  },
}
