import { exampleExchange, exampleFailure, exampleFindings, exampleSignal } from './example.ts'
import type { Rule } from './rule.ts'

const signal = exampleSignal({
  ...{ kind: 'assertion', code: 'AssertionError', stableCode: 'VT.ASSERT' },
  ...{ family: 'wrong-value', match: 'expected 41 to be 42' },
})
const wrong = { family: 'wrong-value', signal, exchange: exampleExchange() } as const

/** A well-formed answer arrived with another value than expected: the application's fault, or the expectation's. */
export const orExpectation: Rule = {
  id: 'or-expectation',
  reasons: ['or-expectation'],
  matches: exampleFindings({ trouble: exampleFailure({ ...wrong, valueReceived: true }) }),
  passesOver: exampleFindings(),
  weigh({ trouble, entryName, path }) {
    if (trouble.kind !== 'failure' || trouble.family !== 'wrong-value') return undefined
    if (!trouble.valueReceived && !path.cleared) return undefined
    const after = trouble.exchange ? ` in a complete answer to ${trouble.exchange.operation}` : ''
    return {
      class: 'application',
      scope: null,
      subject: entryName,
      reason: 'or-expectation',
      weight: trouble.valueReceived ? 0.9 : 0.7,
      because: `${trouble.signal?.match ?? 'not the expected value'}${after}`,
    }
  },
}
