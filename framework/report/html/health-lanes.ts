import type { Interval } from '#core'
import type { RunEvidence } from '#evidence'
import type { HealthStatus } from '#health'
import type { Observation, Vantage } from '#probe'
import { edgeOf, linksOf, type Topology } from '#topology'

/** One stretch of time with one status. `gap`: nobody looked, so nothing is known, whatever was seen before. */
export interface HealthSpan extends Interval {
  readonly status: HealthStatus | 'gap'
  /** Why, as the monitor said. */
  readonly reason?: string
}

/** The health of one path, or of one service at its own address, as seen from one vantage, without holes from begin to end. */
export interface HealthLane {
  /** A link, or the name of a target that was looked at past every link. */
  readonly name: string
  readonly isLink: boolean
  readonly vantage: Vantage
  readonly spans: readonly HealthSpan[]
}

interface View {
  readonly target: string
  readonly link?: string
  readonly vantage: Vantage
}

/** What the lanes are made from: without a topology nothing is known of what was declared. */
export type Watched = Pick<RunEvidence, 'observations' | 'health'> & {
  readonly run: { readonly topology?: Topology; readonly intervalMs: number }
}

/** A lane for everything that was looked at, and for every declared link that nobody looked at: the edge first. */
export function healthLanes(evidence: Watched, run: Interval): HealthLane[] {
  const looks = Map.groupBy(evidence.observations, keyOf)
  const changes = Map.groupBy(evidence.health, keyOf)
  const views = new Map<string, View>(
    [...declaredViews(evidence), ...evidence.health, ...evidence.observations].map((view) => [
      keyOf(view),
      view,
    ]),
  )
  const { topology } = evidence.run
  const order = topology ? linksOf(topology).map((link) => link.name as string) : []
  const rank = ({ link }: View) => (link === undefined ? order.length : order.indexOf(link))
  return [...views]
    .toSorted(([, a], [, b]) => rank(a) - rank(b) || a.target.localeCompare(b.target))
    .map(([key, view]) => ({
      name: view.link ?? view.target,
      isLink: view.link !== undefined,
      vantage: view.vantage,
      spans: withGaps(
        spansOf(changes.get(key) ?? [], run),
        gapsIn(looks.get(key) ?? [], 3 * evidence.run.intervalMs, run),
      ),
    }))
}

function keyOf({ target, link, vantage }: View): string {
  return `${vantage} ${link ?? ''} ${target}`
}

function declaredViews({ run: { topology } }: Watched): View[] {
  if (!topology) return []
  return linksOf(topology).map(({ name, to }) => ({
    target: to,
    link: name,
    vantage: name === edgeOf(topology) ? 'runner' : 'app-side',
  }))
}

function spansOf(changes: RunEvidence['health'], run: Interval): HealthSpan[] {
  const sorted = changes.toSorted((a, b) => a.since - b.since)
  const spans: HealthSpan[] = [{ from: run.from, to: sorted[0]?.since ?? run.to, status: 'unknown' }]
  for (const [index, { since, status, reason }] of sorted.entries())
    spans.push({
      from: since,
      to: sorted[index + 1]?.since ?? run.to,
      status,
      ...(reason === undefined ? {} : { reason }),
    })
  return spans.filter(({ from, to }) => to > from)
}

/** Where no look was under way for longer than the limit. */
function gapsIn(looks: readonly Observation[], limitMs: number, run: Interval): Interval[] {
  const gaps: Interval[] = []
  let watchedUntil = run.from
  const close = (at: number) => {
    if (at - watchedUntil > limitMs) gaps.push({ from: watchedUntil, to: at })
  }
  for (const { at, phases } of looks) {
    close(at)
    watchedUntil = Math.max(watchedUntil, at + phases.totalMs)
  }
  close(run.to)
  return gaps
}

/** The spans with the gaps cut out of them and put in their place. */
function withGaps(spans: readonly HealthSpan[], gaps: readonly Interval[]): HealthSpan[] {
  const kept = gaps.reduce<readonly HealthSpan[]>(
    (left, gap) => left.flatMap((span) => without(span, gap)),
    spans,
  )
  const holes = gaps.map((gap): HealthSpan => ({ ...gap, status: 'gap' }))
  return [...kept, ...holes].toSorted((a, b) => a.from - b.from)
}

function without(span: HealthSpan, gap: Interval): HealthSpan[] {
  if (gap.to <= span.from || gap.from >= span.to) return [span]
  return [
    { ...span, to: gap.from },
    { ...span, from: gap.to },
  ].filter(({ from, to }) => to > from)
}
