import type { ReadinessSaid } from '#evidence'
import type { Link } from '#topology'
import { isGoodLook, within } from '../looks.ts'
import type { Outage } from '../outages.ts'
import type { View } from '../view.ts'
import { isSteady, slowTurnMs } from './sessions.ts'

/** Once may be an answer from before. */
const fewestAnswers = 2

/**
 * Whether the entry went on saying that it is ready, by a readiness that covers the service, while the link to it was dead for
 * the agent's new connections. It reaches the service then, over connections that it has or because the agent alone is cut off; or it
 * says what isn't so: none of these is an excuse. Over a link that was slow rather than dead, only an answer counts that came faster
 * than one turn over it. What it says is a claim: it takes an excuse away, and gives none.
 */
export function saysReady(view: View, link: Link, outage: Outage): boolean {
  const { name } = link
  if (!isCovered(view, link) || !outage.connections.includes('new')) return false
  if (!isSteady(within(view.appSide(name), outage), outage)) return false
  const turnMs = slowTurnMs(view, name, outage) ?? Number.POSITIVE_INFINITY
  // What it found out last may be as old as a gap.
  const span = { from: outage.from + 2 * view.gapMs, to: outage.to - view.intervalMs }
  const said = view.evidence.readiness.filter(({ at, tookMs }) => at >= span.from && at + tookMs <= span.to)
  return said.length >= fewestAnswers && said.every((each) => isReady(each) && each.tookMs < turnMs)
}

/**
 * Whether the entry, asked last before the outage, said that it isn't ready, though the link had been well for as long as it may need to find
 * out: whatever keeps it from being so, this outage doesn't.
 */
export function saidUnreadyBefore(view: View, link: Link, outage: Outage): boolean {
  if (!isCovered(view, link)) return false
  const said = view.evidence.readiness.findLast(({ at, tookMs }) => at + tookMs < outage.from)
  // A path that isn't there, or may not be asked, says nothing of what the application can do.
  if (!said || (said.status ?? 0) < 500) return false
  const lookedAt = {
    from: said.at - Math.max(2 * view.gapMs, view.recoveryMs),
    to: said.at + said.tookMs,
  }
  const looks = within(view.appSide(link.name), lookedAt)
  return looks.length > 0 && looks.every(isGoodLook)
}

function isCovered(view: View, { from, to }: Link): boolean {
  return from === view.entry && view.topology.services[from]?.readiness?.covers.includes(to) === true
}

function isReady({ status }: ReadinessSaid): boolean {
  return status !== null && status < 400
}
