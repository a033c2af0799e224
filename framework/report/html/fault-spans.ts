import type { EpochMs } from '#core'
import type { FaultBitRecord, FaultRef, Injection } from '#fault'
import type { JournalRecord } from '#journal'

/** A fault as it was really on. */
export interface FaultSpan extends FaultRef {
  readonly from: EpochMs
  /** Null: it was never taken off. */
  readonly to: EpochMs | null
  readonly bit: Injection['bit']
}

/** When each fault of a run was on, from its records. For people who read a report: no verdict is made from it. */
export function faultSpansOf(records: readonly JournalRecord[]): FaultSpan[] {
  const ref = (record: JournalRecord) => record.data as FaultRef
  const key = (record: JournalRecord) =>
    JSON.stringify([ref(record).fault, ref(record).target, ref(record).window])
  const of = (kind: string) => records.filter((record) => record.kind === kind)
  const offs = of('fault-off')
  const bits = of('fault-bit') as readonly FaultBitRecord[]
  return of('fault-on').map((on) => {
    const { fault, target, window } = ref(on)
    return {
      ...{ fault, target, window },
      from: on.at,
      to: offs.find((off) => off.at >= on.at && key(off) === key(on))?.at ?? null,
      bit: bits.find((bit) => key(bit) === key(on))?.data.bit ?? null,
    }
  })
}
