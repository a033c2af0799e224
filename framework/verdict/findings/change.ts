import type { ChangeKind, ControlArm } from '#evidence'
import type { Trouble } from '../trouble.ts'
import type { View } from '../view.ts'

/** What is known of the change under test, as far as it concerns one failure. */
export interface ChangeFinding {
  /** What the change touches; null where nobody told. */
  readonly touches: ChangeKind | null
  /**
   * What a known-good deployment showed: the candidate alone fails, or both fail alike. Null where nothing can be
   * learned: not run, not every turn agrees, or either side was not seen well.
   */
  readonly control: 'candidate-only' | 'both' | null
}

export function readChange(view: View, trouble: Trouble): ChangeFinding {
  const { change, controlArm } = view.evidence
  return {
    touches: change?.kind ?? null,
    control: trouble.kind === 'failure' && controlArm ? controlOf(controlArm, trouble.attempt.testId) : null,
  }
}

function controlOf({ problem, tests }: ControlArm, testId: string): ChangeFinding['control'] {
  const turns = tests.find((test) => test.testId === testId)
  if (problem !== null || !turns?.candidateWell || turns.candidate.length < 2) return null
  if (!turns.candidate.every((outcome) => outcome === 'alike')) return null
  if (turns.baseline.length < turns.candidate.length) return null
  if (turns.baseline.every((outcome) => outcome === 'passed')) return 'candidate-only'
  return turns.baseline.every((outcome) => outcome === 'alike') ? 'both' : null
}
