import type { EpochMs, Interval } from '#core'
import type { RunEvidence, ServiceEvent } from '#evidence'
import type { Identity, Observation, RunnerSample } from '#probe'
import { edgeOf, type Link, type LinkName, linksOf, type Topology } from '#topology'
import { filledByOthers, isDead, isTrouble, type Series } from './looks.ts'
import { type Outage, outagesOf, type Spacing } from './outages.ts'
import { restartsIn, type Sighting } from './restarts.ts'

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
  /** Looks over whatever way after which the service counted its users. */
  readonly countsOf: (service: string) => Series
  /** App-side looks at the entry's own address. */
  readonly entryLooks: Series
  readonly edgeLooks: Series
  /**
   * Whether somebody on the way answered a look over the edge that it can't serve: the entry names itself in what it answers there,
   * and this answer doesn't.
   */
  readonly isForeign: (look: Observation) => boolean
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
  /** For how long after an outage the entry may still say that it lacks what was away, in ms. */
  readonly recoveryMs: number
  /** Services that the entry named, in this run, as what stood in the way of an answer. */
  readonly named: ReadonlySet<string>
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
  const counts = Map.groupBy(
    evidence.observations.filter(({ sessions }) => sessions?.users),
    ({ target }) => target,
  )
  const links = linksOf(topology)
  const appSide = (link: LinkName) => series(`app-side ${link}`)
  const entryLooks = series(`app-side @${entry}`)
  const edgeLooks = series(`runner ${edge}`)
  const controlLooks = series('runner @control')
  const sightings = sightingsIn(entryLooks)
  const edgeSightings = sightingsIn(edgeLooks)
  const isForeign = ({ outcome, identity }: Observation) =>
    edgeSightings.length > 0 && outcome === 'unwell' && !identity
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
    countsOf: (service) => counts.get(service) ?? none,
    entryLooks,
    edgeLooks,
    isForeign,
    controlLooks,
    outages: new Map(
      inner.map(({ name }) => {
        const looks = appSide(name)
        const isBad = (look: Observation) => isTrouble(look) || filledByOthers(look, looks, spacing.gapMs)
        return [name, outagesOf(looks, isBad, spacing)]
      }),
    ),
    entryOutages: outagesOf(entryLooks, isDead, spacing),
    edgeOutages: outagesOf(edgeLooks, (look) => isDead(look) || isForeign(look), spacing),
    controlOutages: outagesOf(controlLooks, isDead, spacing),
    restarts: restartsIn(sightings),
    restartsInAnswers: restartsIn(
      [...edgeSightings, ...sightingsInTests(evidence, entry)].toSorted((a, b) => a.at - b.at),
    ),
    agentNamesInstances: sightings.length > 0,
    recoveryMs: topology.services[entry]?.recoveryWithinMs ?? 0,
    named: new Set(
      evidence.attempts.flatMap(({ exchanges }) => exchanges.flatMap(({ claims }) => claims ?? [])),
    ),
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
  return series.flatMap(({ at, identity }) => sightingOf(at, identity))
}

function sightingsInTests(evidence: RunEvidence, entry: string): Sighting[] {
  return evidence.attempts.flatMap((attempt) =>
    attempt.exchanges.flatMap(({ to, target, identity }) =>
      target === entry ? sightingOf(to, identity) : [],
    ),
  )
}

function sightingOf(at: EpochMs, identity: Identity | undefined): Sighting[] {
  const { instance, startedAt } = identity ?? {}
  return instance === undefined ? [] : [{ at, instance, ...(startedAt !== undefined && { startedAt }) }]
}

/** Whether a service is ours: its being down is an incident to explain, never an explanation. */
export function isOwned(view: View, name: string): boolean {
  return view.topology.services[name]?.owner === 'sut'
}
