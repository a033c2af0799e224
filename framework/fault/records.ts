import type { JournalRecord } from '#journal'
import type { Bit } from './ports.ts'

/** Which fault a record is about. */
export interface FaultRef {
  readonly fault: string
  readonly target: string
  readonly window: string
}

/** Written before the fault acts. */
export type FaultOnRecord = JournalRecord<'fault-on', FaultRef>
/** Written before the fault is taken off. */
export type FaultOffRecord = JournalRecord<'fault-off', FaultRef>
/** What came of a fault; `problem` says why it could not be put on or taken off. */
export type FaultBitRecord = JournalRecord<'fault-bit', Injection>

/** One fault of a run, when the run is over. */
export interface Injection extends FaultRef {
  readonly bit: Bit
  readonly problem?: string
}
