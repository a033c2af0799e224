import type { Guard } from './guard.ts'

/**
 * G3: the test is at fault only by positive evidence of its own: a mistake in its code, a limit below the baseline, or a change
 * that touches tests only.
 */
export const testEvidence: Guard = ({ misuse, timeout, change }) =>
  misuse || timeout?.below || change.touches === 'tests-only'
    ? []
    : [{ guard: 'G3', class: 'test', text: 'nothing shows a mistake of the test’s own' }]
