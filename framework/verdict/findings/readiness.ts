import type { Link } from '#topology'
import { within } from '../looks.ts'
import type { Outage } from '../outages.ts'
import type { View } from '../view.ts'
import { isSteady, slowTurnMs } from './sessions.ts'

/** Once may be an answer from before. */
const fewestAnswers = 2

/**
 * Whether the entry went on saying that it is ready, by a readiness that covers the service, while the link to it was dead for
 * every connection of the agent. It reaches the service then, or it says what isn't so: neither is an excuse. Over a link that was
 * slow rather than dead, only an answer counts that came faster than one turn over it. What it says is a claim: it takes an excuse
 * away, and gives none.
 */
export function saysReady(view: View, { name, from, to }: Link, outage: Outage): boolean {
  if (from !== view.entry || !view.topology.services[from]?.readiness?.covers.includes(to)) return false
  if (outage.connections.length < 2 || !isSteady(within(view.appSide(name), outage), outage)) return false
  const turnMs = slowTurnMs(view, name, outage) ?? Number.POSITIVE_INFINITY
  // What it found out last may be as old as a gap.
  const span = { from: outage.from + 2 * view.gapMs, to: outage.to - view.intervalMs }
  const said = view.evidence.readiness.filter(({ at, tookMs }) => at >= span.from && at + tookMs <= span.to)
  return (
    said.length >= fewestAnswers &&
    said.every(({ status, tookMs }) => status !== null && status < 400 && tookMs < turnMs)
  )
}
