import { performance } from 'node:perf_hooks'

/** Milliseconds since the Unix epoch, with sub-millisecond digits: `timeOrigin + performance.now()`. */
export type EpochMs = number

/** The run's one clock: monotonic within a process, comparable between processes of one machine. */
export function now(): EpochMs {
  return performance.timeOrigin + performance.now()
}

/** A span of time, both ends included. */
export interface Interval {
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Whether two spans share at least one moment. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.from <= b.to && b.from <= a.to
}

/** The span, widened on both sides: for clocks that agree only within an error. */
export function widen(span: Interval, byMs: number): Interval {
  return { from: span.from - byMs, to: span.to + byMs }
}
