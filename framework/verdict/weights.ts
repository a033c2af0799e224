// Written by `npm run calibrate` on 2026-11-30, from 88 labelled runs (seed 20261125); don't edit.

/** By how much each rule's weight is moved, by `rule/reason`. */
export type Shifts = Readonly<Record<string, number>>

export const shifts: Shifts = {
  'own-end/hung': -0.04,
  'path-cleared/path-cleared': 0.04,
  'server-error/server-error': 0.02,
}
