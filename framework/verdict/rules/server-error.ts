import { exampleAway, exampleExchange, exampleFailure, exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const exchange = exampleExchange({ outcome: 'failed', code: '500', producer: 'application' })
const trouble = exampleFailure({ family: 'answered-error', exchange })

/** The application answered with an error of its own, on a path that was seen well. */
export const serverError: Rule = {
  id: 'server-error',
  reasons: ['server-error'],
  matches: exampleFindings({ trouble }),
  passesOver: exampleAway({}, { trouble }),
  weigh({ trouble: failure, path, entryName }) {
    if (failure.kind !== 'failure' || failure.family !== 'answered-error' || !path.cleared) return undefined
    const answer = failure.exchange
    const stamped = answer?.producer === 'application' || answer?.identity !== undefined
    if (!answer || !stamped || failure.target !== entryName) return undefined
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'server-error',
      weight: 0.85,
      because: `${entryName} itself answered ${answer.code ?? 'with an error'} to ${answer.operation}, on a path that was seen well`,
    }
  },
}
