import type { Decision } from '#decision'

/** What a decision means, in a sentence for people. */
export const decisionSentence: Readonly<Record<Decision, string>> = {
  pass: 'The tests that decide have passed.',
  block: 'The change, or a test, is at fault. A retry would not help.',
  undecided: 'The evidence does not say who is at fault. A person must look.',
  hold: 'Only infrastructure stands in the way. Nothing was deployed; try again later.',
}
