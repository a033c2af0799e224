import type { EpochMs, Interval } from '#core'
import type { RunEvidence, ServiceEvent } from '#evidence'
import type { Observation, RunnerSample } from '#probe'
import { edgeOf, type Link, type LinkName, linksOf, type Topology } from '#topology'
import { filledByOthers, isDead, isTrouble, type Series } from './looks.ts'
import { type Outage, outagesOf, type Spacing } from './outages.ts'

/** One moment at which an instance of the entry gave its name. */
interface Sighting {
  readonly at: EpochMs
  readonly instance: string
}

/** Evidence with the indexes that findings read it by. Made once for a run; holds nothing that isn't in the evidence. */
export interface View extends Spacing {
  readonly evidence: RunEvidence
  readonly topology: Topology
  readonly entry: string
  readonly edge: LinkName
  readonly links: readonly Link[]
  /** The worst error of an agent's clock, for spans that must be clear; capped at a gap for spans that must overlap. */
  readonly clockErrorMs: number
  /** App-side looks over a link. */
  readonly appSide: (link: LinkName) => Series
  /** Looks at a service that don't go over a link: from beside it, or from the runner to its own address. */
  readonly pastLinks: (service: string) => Series
  /** App-side looks at the entry's own address. */
  readonly entryLooks: Series
  readonly edgeLooks: Series
  readonly controlLooks: Series
  readonly outages: ReadonlyMap<LinkName, readonly Outage[]>
  readonly entryOutages: readonly Outage[]
  readonly edgeOutages: readonly Outage[]
  readonly controlOutages: readonly Outage[]
  /** Between which moments one instance of the entry gave way to another, as the agent saw it at its own address. */
  readonly restarts: readonly Interval[]
  /** The same, as answers to the runner and to the tests named their instance. */
  readonly restartsInAnswers: readonly Interval[]
  readonly agentNamesInstances: boolean
  readonly eventsOf: (service: string) => readonly ServiceEvent[]
  /** Samples of one process of the runner, in order of time. */
  readonly samplesOf: (process: string) => readonly RunnerSample[]
}

const none: Series = []

export function viewOf(evidence: RunEvidence): View {
  const { topology, intervalMs } = evidence.run
  const { entry } = topology
  const edge = edgeOf(topology)
  const spacing = { intervalMs, gapMs: 3 * intervalMs }
  const byKey = Map.groupBy(evidence.observations, keyOf)
  const series = (key: string) => byKey.get(key) ?? none
  const links = linksOf(topology)
  const appSide = (link: LinkName) => series(`app-side ${link}`)
  const entryLooks = series(`app-side @${entry}`)
  const edgeLooks = series(`runner ${edge}`)
  const controlLooks = series('runner @control')
  const sightings = sightingsIn(entryLooks)
  // What is stopped after the run's end is Faultline clearing up.
  const endedAt = evidence.endedAt ?? Number.POSITIVE_INFINITY
  const events = Map.groupBy(
    evidence.serviceEvents.filter((event) => event.at < endedAt),
    (event) => event.service,
  )
  const samples = Map.groupBy(evidence.runnerSamples, (sample) => sample.process)
  const inner = links.filter((link) => link.name !== edge)
  return {
    ...spacing,
    evidence,
    topology,
    entry,
    edge,
    links,
    clockErrorMs: evidence.observations.reduce((worst, look) => Math.max(worst, look.clockErrorMs ?? 0), 0),
    appSide,
    pastLinks: (service) =>
      [...series(`service-side @${service}`), ...series(`runner @${service}`)].toSorted(
        (a, b) => a.at - b.at,
      ),
    entryLooks,
    edgeLooks,
    controlLooks,
    outages: new Map(
      inner.map(({ name }) => {
        const looks = appSide(name)
        const isBad = (look: Observation) => isTrouble(look) || filledByOthers(look, looks, spacing.gapMs)
        return [name, outagesOf(looks, isBad, spacing)]
      }),
    ),
    entryOutages: outagesOf(entryLooks, isDead, spacing),
    edgeOutages: outagesOf(edgeLooks, isDead, spacing),
    controlOutages: outagesOf(controlLooks, isDead, spacing),
    restarts: restartsIn(sightings),
    restartsInAnswers: restartsIn(
      [...sightingsIn(edgeLooks), ...sightingsInTests(evidence, entry)].toSorted((a, b) => a.at - b.at),
    ),
    agentNamesInstances: sightings.length > 0,
    eventsOf: (service) => events.get(service) ?? [],
    samplesOf: (process) => samples.get(process) ?? [],
  }
}

/** Service-side looks are taken beside the service, over whatever address: they are kept by their target. */
function keyOf(look: Observation): string {
  const over = look.link !== undefined && look.vantage !== 'service-side' ? look.link : `@${look.target}`
  return `${look.vantage} ${over}`
}

function sightingsIn(series: Series): Sighting[] {
  return series.flatMap(({ at, identity }) =>
    identity?.instance === undefined ? [] : [{ at, instance: identity.instance }],
  )
}

function sightingsInTests(evidence: RunEvidence, entry: string): Sighting[] {
  return evidence.attempts.flatMap((attempt) =>
    attempt.exchanges.flatMap(({ to, target, identity }) =>
      target !== entry || identity?.instance === undefined ? [] : [{ at: to, instance: identity.instance }],
    ),
  )
}

/**
 * Where one instance gave way to another: between two sightings in a row, the first of which is never seen again. An
 * instance that is seen again is one of several, not a restart.
 */
function restartsIn(sightings: readonly Sighting[]): Interval[] {
  const lastSeen = new Map(sightings.map(({ at, instance }) => [instance, at]))
  return sightings.flatMap((next, index) => {
    const before = sightings[index - 1]
    const gaveWay = before && before.instance !== next.instance && lastSeen.get(before.instance)! <= before.at
    return gaveWay ? [{ from: before.at, to: next.at }] : []
  })
}

/** Whether a service is ours: its being down is an incident to explain, never an explanation. */
export function isOwned(view: View, name: string): boolean {
  return view.topology.services[name]?.owner === 'sut'
}
