import type { EpochMs, Interval } from '#core'
import type { Observation, Sessions } from '#probe'

/** Looks at one target from one vantage, in order of time. */
export type Series = readonly Observation[]

/** Outcomes that say that the path or its peer is dead, as opposed to answering badly. */
export function isDead(look: Observation): boolean {
  return (
    look.outcome === 'refused' ||
    look.outcome === 'no-answer' ||
    look.outcome === 'cut' ||
    look.outcome === 'name-gone'
  )
}

export function isGoodLook(look: Observation): boolean {
  return look.outcome === 'ok' || look.outcome === 'slow'
}

/** States that its own users can put a sound service in: a pool that leaks takes every slot. */
const usersDoing = new Set(['53300', '53400', '57014', '429'])

/** Whether a look says that the service could not serve, for a reason that isn't its users' doing. */
export function isTrouble(look: Observation): boolean {
  return isDead(look) || (look.outcome === 'unwell' && !usersDoing.has(look.code ?? ''))
}

/** A server so full of others' sessions is out of slots whatever the application does. */
const othersShare = 0.5

/**
 * Whether a look was turned away by a server that others had filled, by the server's own count at about that time. Without a
 * count nobody can say whose sessions they were, and then it may be the application's own doing.
 */
export function filledByOthers(look: Observation, series: Series, gapMs: number): boolean {
  if (!isOutOfSlots(look)) return false
  const counts = countsNear(look, series, gapMs)
  return counts.length > 0 && counts.every(({ others, slots }) => others >= othersShare * slots)
}

/** Whether a database server turned the look away for want of a slot. */
export function isOutOfSlots(look: Observation): boolean {
  return look.code === '53300'
}

/** What the server counted at about the time of a look. */
export function countsNear(look: Observation, series: Series, gapMs: number): Sessions[] {
  return within(series, { from: look.at - 2 * gapMs, to: look.at + 2 * gapMs }).flatMap(
    ({ sessions }) => sessions ?? [],
  )
}

/** When the observer had its answer, or gave up. */
export function endOf(look: Observation): EpochMs {
  return look.at + look.phases.totalMs
}

/** The first index of a list in order of time whose item is at `at` or later. */
export function firstAt(series: readonly { readonly at: EpochMs }[], at: EpochMs): number {
  let low = 0
  let high = series.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (series[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return low
}

/** Looks that began within the span. */
export function within(series: Series, span: Interval): Series {
  const from = firstAt(series, span.from)
  let to = from
  while (to < series.length && series[to]!.at <= span.to) to += 1
  return series.slice(from, to)
}

export function lastBefore(series: Series, at: EpochMs): Observation | undefined {
  return series[firstAt(series, at) - 1]
}

export function firstAfter(series: Series, at: EpochMs): Observation | undefined {
  const next = series[firstAt(series, at)]
  return next && next.at === at ? series[firstAt(series, at) + 1] : next
}

/**
 * The first pause between looks that touches the span and is longer than `gapMs`; undefined when the span is covered.
 * The looks just outside the span are its borders. Where nobody looked after it, the last look must be at most a third
 * of a gap, one interval, old when the span ends.
 */
export function gapIn(series: Series, span: Interval, gapMs: number): Interval | undefined {
  const before = lastBefore(series, span.from)
  const after = firstAfter(series, span.to)
  let covered = before ? endOf(before) : span.from - gapMs
  if (!before || span.from - covered > gapMs) {
    const first = within(series, span)[0] ?? after
    if (!first || first.at - span.from > gapMs / 3) return { from: span.from, to: first?.at ?? span.to }
    covered = first.at
  }
  for (const look of within(series, span)) {
    if (look.at - covered > gapMs) return { from: covered, to: look.at }
    covered = Math.max(covered, endOf(look))
  }
  if (after) return after.at - covered > gapMs ? { from: covered, to: after.at } : undefined
  return span.to - covered > gapMs / 3 ? { from: covered, to: span.to } : undefined
}
