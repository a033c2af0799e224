import type { EpochMs, Interval } from '#core'
import type { ConnectionKind, Observation, Vantage } from '#probe'
import type { LinkName } from '#topology'
import { endOf } from './connection.ts'

/** Which looks are asked for; what is left out matches all. */
export interface LookFilter {
  readonly target?: string
  readonly link?: LinkName
  readonly vantage?: Vantage
  readonly connection?: ConnectionKind
  /** Looks that share at least a moment with this span. */
  readonly window?: Interval
}

/** All looks of a run, raw and in the order of their beginning. */
export interface Timeline {
  looks(filter?: LookFilter): readonly Observation[]
}

/** The timeline of these observations, in whatever order they came. */
export function timelineOf(observations: Iterable<Observation>): Timeline {
  const all = [...observations].sort((a, b) => a.at - b.at)
  const byTarget = Map.groupBy(all, (look) => look.target)
  return {
    looks(filter = {}) {
      const among = filter.target === undefined ? all : (byTarget.get(filter.target) ?? [])
      return among.filter((look) => matches(look, filter))
    },
  }
}

function matches(look: Observation, { link, vantage, connection, window }: LookFilter): boolean {
  return (
    (link === undefined || look.link === link) &&
    (vantage === undefined || look.vantage === vantage) &&
    (connection === undefined || look.connection === connection) &&
    (window === undefined || (look.at <= window.to && endOf(look) >= window.from))
  )
}

/** Spans within `window`, longer than three intervals, during which none of the selected looks was under way (G5: that is missing data). */
export function gapsOf(
  observations: Iterable<Observation>,
  question: Omit<LookFilter, 'window'> & { readonly window: Interval; readonly intervalMs: number },
): Interval[] {
  const { window, intervalMs, ...filter } = question
  const gaps: Interval[] = []
  let seenUntil: EpochMs = window.from
  const note = (from: EpochMs, to: EpochMs) => {
    if (to - from > 3 * intervalMs) gaps.push({ from, to })
  }
  for (const look of timelineOf(observations).looks({ ...filter, window })) {
    // The clock's error widens what the look bounds, and so the silence beside it.
    const error = look.clockErrorMs ?? 0
    note(seenUntil, Math.min(look.at + error, window.to))
    seenUntil = Math.max(seenUntil, endOf(look) - error)
  }
  note(seenUntil, window.to)
  return gaps
}
