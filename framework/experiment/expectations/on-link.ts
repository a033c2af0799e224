import type { Interval } from '#core'
import type { LinkName } from '#topology'
import type { ExperimentEvidence, LinkSample } from '../evidence.ts'
import type { Operation } from '../history.ts'
import { type Traffic, trafficOf } from '../silence.ts'

/** A link, and the operations that want it. */
export interface WantedLink {
  readonly link: LinkName
  /** Operations each of which makes one call over the link. */
  readonly of: string | readonly string[]
}

/** Everything about one link that checks look at. */
export interface SeenOnLink {
  readonly traffic: readonly Traffic[]
  readonly samples: readonly LinkSample[]
  readonly wanting: readonly Operation[]
  readonly fault: Interval
}

/** What was seen on a link, or in words what is missing. */
export function onLink(
  { link, of }: WantedLink,
  { links, history, injections }: ExperimentEvidence,
): SeenOnLink | string {
  const samples = links[link]
  const hiding = injections.find(
    ({ fault, target }) =>
      target === link && (fault === 'link-down' || (fault === 'reset' && samples?.[0]?.isBehindFaults)),
  )
  if (hiding) return `${hiding.fault} ends connections before a call is seen: try the link silent`
  if (!samples || samples.length < 2) return `there is no ledger of ${link}`
  const fault = history.phases.find(({ name }) => name === 'fault')
  if (!fault) return 'no fault acted'
  const names = [of].flat()
  const wanting = history.operations.filter(({ name }) => names.includes(name))
  return { traffic: trafficOf(samples), samples, wanting, fault }
}
