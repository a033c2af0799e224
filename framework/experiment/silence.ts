import type { EpochMs, Interval } from '#core'
import type { LinkSample } from './evidence.ts'
import type { Operation } from './history.ts'

/**
 * What went over a link between two looks at its ledger. A connection alone is no call: HTTP clients connect anew, and send
 * nothing, when one of theirs was cut. Where requests aren't read, all bytes between two looks are taken for one call.
 */
export interface Traffic extends Interval {
  readonly calls: number
  /** Its calls were sent no earlier than this: before `from`, by the time that the look before it took. */
  readonly earliest: EpochMs
}

/** The differences between looks, oldest first. */
export function trafficOf(samples: readonly LinkSample[]): Traffic[] {
  return samples.slice(1).map(({ at, bytesUp, requests }, index) => {
    const before = samples[index]!
    const burst = bytesUp > before.bytesUp ? 1 : 0
    const calls = requests === undefined || before.requests === undefined ? burst : requests - before.requests
    return { from: before.at, to: at, calls, earliest: before.at - (before.tookMs ?? 0) }
  })
}

/** Calls over a link within a span: exact where requests are read, else a lower bound. */
export function callsWithin(traffic: readonly Traffic[], span: Interval): number {
  return traffic
    .filter(({ from, to }) => from >= span.from && to <= span.to)
    .reduce((sum, { calls }) => sum + calls, 0)
}

/** Fewer operations than this in a silence, and it may be that nobody wanted anything. */
const fewestWanting = 2

/**
 * Stretches of at least `quietMs` in which nothing was sent over a link, though operations that want it were due: an open
 * breaker looks like that, from the outside. A look that is missing ends a stretch.
 */
export function silences(
  traffic: readonly Traffic[],
  wanting: readonly Operation[],
  { within, quietMs }: { within: Interval; quietMs: number },
): Interval[] {
  const stretches: { from: EpochMs; to: EpochMs }[] = []
  for (const { from, to, calls } of traffic) {
    if (calls > 0 || to - from > quietMs || from < within.from || to > within.to) continue
    const last = stretches.at(-1)
    if (last?.to === from) last.to = to
    else stretches.push({ from, to })
  }
  return stretches.filter(
    ({ from, to }) =>
      to - from >= quietMs &&
      wanting.filter(({ startedAt }) => startedAt >= from && startedAt < to).length >= fewestWanting,
  )
}
