import { shownByApplications } from '../findings/again.ts'
import { exampleAway, exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

/** Everything was fine on new and on kept connections, and the application's requests failed all the same. */
export const pathCleared: Rule = {
  id: 'path-cleared',
  reasons: ['path-cleared'],
  matches: exampleFindings(),
  passesOver: exampleAway(),
  weigh({ trouble, path, rerun, runner, entryName }) {
    if (trouble.kind !== 'failure' || !path.cleared || runner.starved || rerun.passesAfter > 0)
      return undefined
    if (!shownByApplications.has(trouble.family) || trouble.exchange?.producer === 'intermediary')
      return undefined
    if (trouble.target !== entryName && trouble.family !== 'answered-error') return undefined
    const unwatched = path.unwatched.length > 0 ? `; nobody looks over ${path.unwatched.join(', ')}` : ''
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'path-cleared',
      restates: true,
      weight: (trouble.family === 'unknown' ? 0.6 : 0.7) - (unwatched ? 0.05 : 0),
      because: `every required part of the path was seen well throughout ${trouble.operation ?? 'the operation'}${unwatched}`,
    }
  },
}
