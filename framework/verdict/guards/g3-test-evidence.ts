import type { Guard } from './guard.ts'

/** G3: the test is at fault only by positive evidence of its own: a mistake in its code, or a limit below the baseline. */
export const testEvidence: Guard = ({ misuse, timeout }) =>
  misuse || timeout?.below
    ? []
    : [{ guard: 'G3', class: 'test', text: 'nothing shows a mistake of the test’s own' }]
