// Written by `npm run calibrate`; don't edit. Not calibrated yet: every rule weighs what it declares.

/** By how much each rule's weight is moved, by `rule/reason`. */
export type Shifts = Readonly<Record<string, number>>

export const shifts: Shifts = {}
