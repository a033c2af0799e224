import type { Decision, Reason } from '#decision'

const sentences: Readonly<Record<Decision, string>> = {
  pass: 'The tests that decide have passed.',
  block: 'The change, or a test, is at fault. A retry would not help.',
  undecided: 'The evidence does not say who is at fault. A person must look.',
  hold: 'Only infrastructure stands in the way. Nothing was deployed; try again later.',
}

/** What a decision means, in a sentence for people. A pass by known issues is never told as one of the tests. */
export function sentenceOf({
  decision,
  reasons,
}: {
  readonly decision: Decision
  readonly reasons: readonly Reason[]
}): string {
  const overridden = reasons.some(({ code }) => code === 'known-issue')
  return decision === 'pass' && overridden
    ? 'Tests have FAILED, and known issues override that until they expire. The rest has passed.'
    : sentences[decision]
}
