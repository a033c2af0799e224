import { type Interval, widen } from '#core'
import type { Observation } from '#probe'
import type { LinkName } from '#topology'
import { isGoodLook, type Series, within } from '../looks.ts'
import { median } from '../median.ts'
import type { FailureTrouble, Trouble } from '../trouble.ts'
import { isOwned, type View } from '../view.ts'

/** A link that answered, and took much longer than it did in the rest of this run. */
export interface SlowLink {
  readonly link: LinkName
  /** The service at the far end. */
  readonly service: string
  /** How long looks on the kept connection took at that time, and how long they take when they go well: medians, in ms. */
  readonly tookMs: number
  readonly usualMs: number
  readonly looks: number
  /** Whether that is much beside the time that the operation took: then it clears nothing. */
  readonly matters: boolean
  /** Whether it makes such a failure. */
  readonly fits: boolean
}

const fewestLooks = 3
/** A baseline needs more than what was slow itself. */
const fewestUsual = 8
const muchSlower = 4
const leastMs = 50
/** An operation makes no more exchanges with one service than this, or it would be slow by its own doing. */
const mostExchanges = 10

/**
 * Links on the path that were slow at that time, beside the quicker half of this run's own looks. When the agent's looks at
 * the entry were slow too, it may be the agent that had no processor: then nothing is said.
 */
export function readSlow(view: View, trouble: Trouble, usual: UsualLooks): SlowLink[] {
  if (trouble.kind !== 'failure') return []
  const near = widen(trouble.window, view.intervalMs)
  if (slowIn(view.entryLooks, near, usual)) return []
  return view.links.flatMap(({ name, to }) => {
    if (!trouble.path.links.includes(name) || isOwned(view, to)) return []
    const slow = slowIn(view.appSide(name), near, usual)
    if (!slow) return []
    const addedMs = slow.tookMs - slow.usualMs
    const durationMs = trouble.window.to - trouble.window.from
    const matters = addedMs * mostExchanges >= durationMs
    const fits = matters && addedMs <= durationMs && isLate(view, trouble, to)
    return [{ link: name, service: to, ...slow, matters, fits }]
  })
}

type Slowness = Pick<SlowLink, 'tookMs' | 'usualMs' | 'looks'>

/** How long the looks of a series take in the whole of the run: the same for every trouble of it. */
export type UsualLooks = (series: Series) => { readonly looks: number; readonly usualMs: number }

export function usualLooks(): UsualLooks {
  const known = new Map<Series, ReturnType<UsualLooks>>()
  return (series) => {
    const before = known.get(series)
    if (before) return before
    const all = series.filter(isComparable).map(tookOf)
    const usual = { looks: all.length, usualMs: all.length > 0 ? quickHalf(all) : Number.NaN }
    known.set(series, usual)
    return usual
  }
}

function slowIn(series: Series, span: Interval, usual: UsualLooks): Slowness | undefined {
  const took = within(series, span).filter(isComparable).map(tookOf)
  const { looks, usualMs } = usual(series)
  if (took.length < fewestLooks || looks < took.length + fewestUsual) return undefined
  const tookMs = median(took)
  const isSlow = tookMs >= Math.max(muchSlower * usualMs, usualMs + leastMs)
  return isSlow ? { tookMs, usualMs, looks: took.length } : undefined
}

/** One exchange on a connection that was there: how long a new one takes is another matter, and so is a large payload. */
export function isComparable(look: Observation): boolean {
  return isGoodLook(look) && look.connection === 'kept' && look.bytes === undefined
}

export function tookOf(look: Observation): number {
  return look.phases.totalMs
}

/** The median of the quicker half. */
function quickHalf(durations: readonly number[]): number {
  const sorted = durations.toSorted((a, b) => a - b)
  return median(sorted.slice(0, Math.ceil(sorted.length / 2)))
}

/**
 * Slowness makes an operation run into a limit: the test's, or one of the application's own, of which it then names the service.
 * It changes no value and ends no connection.
 */
function isLate({ entry }: View, { family, exchange, target }: FailureTrouble, service: string): boolean {
  if (target !== entry) return false
  return (
    family === 'no-answer' || (family === 'answered-error' && exchange?.claims?.includes(service) === true)
  )
}
