import { exampleFindings } from './example.ts'
import type { Rule } from './rule.ts'

const timeout = { limitMs: 20, baselineMs: 180, from: 'answers', below: true } as const

/** The test gave up sooner than the operation takes when it goes well. */
export const ownTimeout: Rule = {
  id: 'own-timeout',
  reasons: ['own-timeout'],
  matches: exampleFindings({ timeout }),
  passesOver: exampleFindings({ timeout: { ...timeout, limitMs: 2_000, below: false } }),
  weigh({ timeout: found, trouble }) {
    if (!found?.below || trouble.kind !== 'failure') return undefined
    const usual = found.from === 'answers' ? 'good answers take' : 'a mere probe takes'
    return {
      class: 'test',
      scope: null,
      subject: trouble.attempt.testId,
      reason: 'own-timeout',
      weight: 0.9,
      because: `the test gave up after ${found.limitMs} ms, and ${usual} ${Math.round(found.baselineMs)} ms (median)`,
    }
  },
}
