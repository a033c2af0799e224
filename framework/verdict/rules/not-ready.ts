import type { Trouble } from '../trouble.ts'
import { exampleAway, exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const { window, path } = exampleFindings().trouble
const trouble: Trouble = { kind: 'not-ready', window, path, family: 'unknown', target: 'app', down: ['app'] }
const entry = { state: 'same', seenBy: 'app-side', at: null, unwell: true } as const

/** The application answers that it can't serve, while all that it requires is fine. */
export const notReady: Rule = {
  id: 'not-ready',
  reasons: ['not-ready'],
  matches: exampleFindings({ trouble, entry }),
  passesOver: exampleAway({}, { trouble, entry }),
  weigh({ trouble: { kind }, entry: { unwell, state }, entryName, dependencies }) {
    if (kind === 'failure' || !unwell || state === 'stopped' || dependencies !== 'fine') return undefined
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'not-ready',
      weight: 0.85,
      because: `${entryName} answers that it is not ready, while all that it requires is fine`,
    }
  },
}
