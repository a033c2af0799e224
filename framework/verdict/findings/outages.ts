import { type Interval, overlaps } from '#core'
import type { Link, LinkName, ServiceOwner } from '#topology'
import { isGoodLook, within } from '../looks.ts'
import type { Outage } from '../outages.ts'
import type { Trouble } from '../trouble.ts'
import { isOwned, type View } from '../view.ts'
import type { EntryFinding } from './entry.ts'
import { isRefuted } from './refuted.ts'

/** An outage of a link as the agent saw it, and how it relates to what failed. */
export interface SeenOutage extends Outage {
  readonly link: LinkName
  /** The service at the far end. */
  readonly service: string
  readonly owner: ServiceOwner
  readonly onPath: boolean
  /** Whether it shares time with the failing operation; pools and breakers may take one gap to find out that it is over. */
  readonly overlaps: boolean
  /** Whether such an outage makes such a failure. */
  readonly fits: boolean
  /** What the platform says of the service in that time; `unknown` below T3. */
  readonly platform: 'running' | 'stopped' | 'exited' | 'unknown'
  /** Somebody who doesn't look over the link, beside the service or past every link, saw it well in that time. */
  readonly seenWellPastLink: boolean
  /** The application was seen to use the service all the while: only the agent's own way is hurt. */
  readonly refuted: boolean
  /** A service further in that was seen down as well, and of which this may be the consequence. */
  readonly explainedBy: string | null
}

/** Every outage that was seen near the window, on the path or not: guards and rules weigh them, this only describes. */
export function readOutages(view: View, trouble: Trouble, entry: EntryFinding): SeenOutage[] {
  const { from, to } = trouble.window
  const toleranceMs = Math.min(view.clockErrorMs, view.gapMs)
  const seen = view.links.flatMap((link) => {
    const lasts = { afterMs: aftermathMs(view, trouble, link.to), toleranceMs }
    const near = { from: from - lasts.afterMs - toleranceMs, to: to + view.gapMs + toleranceMs }
    return (view.outages.get(link.name) ?? [])
      .filter((outage) => overlaps(outage, near))
      .map((outage) => describe(view, trouble, entry, link, outage, lasts))
  })
  return seen.map((outage) => ({ ...outage, explainedBy: deeper(view, outage, seen) }))
}

type Described = Omit<SeenOutage, 'explainedBy'>

/** How long after its end an outage may still make such a failure, and how far clocks may be apart. */
interface Aftermath {
  readonly afterMs: number
  readonly toleranceMs: number
}

/** Whoever is told to need longer to find out that a service is back has it where the answer names the service. */
function aftermathMs(view: View, trouble: Trouble, service: string): number {
  return names(trouble, service) ? Math.max(view.gapMs, view.recoveryMs) : view.gapMs
}

function describe(
  view: View,
  trouble: Trouble,
  entry: EntryFinding,
  way: Link,
  outage: Outage,
  { afterMs, toleranceMs }: Aftermath,
): Described {
  const { name: link, to: service } = way
  return {
    ...outage,
    link,
    service,
    owner: view.topology.services[service]?.owner ?? 'external',
    onPath: trouble.path.links.includes(link) && trouble.path.services.includes(service),
    overlaps: overlaps(
      { from: outage.from - toleranceMs, to: outage.to + afterMs + toleranceMs },
      trouble.window,
    ),
    fits: fits(view, trouble, entry, service),
    platform: platformSays(view, trouble, service, outage),
    refuted: isRefuted(view, way, outage),
    seenWellPastLink: within(view.pastLinks(service), outage).some(isGoodLook),
  }
}

/** Whether the application itself answered that it lacks the service. */
function names(trouble: Trouble, service: string): boolean {
  const exchange = trouble.kind === 'failure' ? trouble.exchange : null
  return exchange?.claims?.includes(service) === true
}

/**
 * Whether an application that names what it lacks answered with a 500 that names nothing: an error that it did not foresee, and
 * so, for all that anybody can tell, its own.
 */
function isUnforeseen(view: View, trouble: Trouble, service: string): boolean {
  const exchange = trouble.kind === 'failure' ? trouble.exchange : null
  return exchange?.code === '500' && !exchange.claims?.length && view.named.has(service)
}

/**
 * Whether a dependency that is away makes such a failure. A sound application translates it: into an error of its own, into
 * silence, or into an end of the stream while it lives on. It doesn't vanish, and it doesn't return another value.
 */
function fits(view: View, trouble: Trouble, entry: EntryFinding, service: string): boolean {
  if (trouble.kind !== 'failure') return trouble.down.includes(service) || trouble.down.includes(view.entry)
  if (trouble.target !== view.entry && trouble.target !== service) return false
  switch (trouble.family) {
    case 'answered-error':
      return trouble.exchange?.producer !== 'intermediary' && !isUnforeseen(view, trouble, service)
    case 'no-answer':
      return true
    case 'cut-short':
      return trouble.target === service || entry.state === 'same'
    case 'peer-gone':
    case 'name-gone':
      return trouble.target === service && service !== view.entry
    default:
      return false
  }
}

/** Only until a moment after the failure: what the platform did to the service later is no cause of it. */
function platformSays(
  view: View,
  trouble: Trouble,
  service: string,
  outage: Interval,
): SeenOutage['platform'] {
  const until = Math.min(outage.to, trouble.window.to) + view.gapMs
  const events = view.eventsOf(service).filter((event) => event.at <= until)
  const during = events.filter((event) => event.at >= outage.from - view.gapMs)
  const before = events.findLast((event) => event.event !== 'running' && event.at <= outage.to)
  const ends = [...during, ...(before ? [before] : [])]
  if (ends.some((event) => event.event === 'exited' || event.event === 'oom-killed')) return 'exited'
  if (ends.some((event) => event.event === 'stopped')) return 'stopped'
  const untouched = during.filter((event) => event.event === 'running')
  const startedAgain = during.some((event) => event.event === 'started')
  const same = new Set(untouched.map((event) => event.incarnation)).size === 1
  return same && !startedAgain ? 'running' : 'unknown'
}

/** What lies behind an unwell or silent service, and was seen down at the same time. */
function deeper(view: View, outage: Described, seen: readonly Described[]): string | null {
  if (outage.manner === 'down' || !isOwned(view, outage.service)) return null
  const uses = view.topology.services[outage.service]?.uses ?? {}
  const cause = seen.find(
    (other) =>
      other.service !== outage.service && uses[other.service] === 'required' && overlaps(other, outage),
  )
  return cause?.service ?? null
}
