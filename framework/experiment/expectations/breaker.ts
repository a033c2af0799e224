import type { EpochMs, Interval } from '#core'
import type { LinkName } from '#topology'
import type { ExperimentEvidence, LinkSample } from '../evidence.ts'
import { type Expectation, type Finding, milliseconds } from '../expectation.ts'
import { latencyOf, type Operation } from '../history.ts'
import { callsWithin, silences, type Traffic } from '../silence.ts'
import { onLink, type SeenOnLink } from './on-link.ts'
import { told } from './operations.ts'

/** How a circuit breaker on a link should behave, as seen from outside. */
export interface BreakerPromise {
  readonly link: LinkName
  /** Operations each of which makes one call over the link. */
  readonly of: string | readonly string[]
  /** Calls that go out, from the beginning of the fault, before it opens: its threshold, and what was under way. */
  readonly opensWithinCalls: number
  /** Calls that have to fail before it opens, its threshold: below it, it is too eager. Needs a link whose requests are read. */
  readonly opensAfterFailures?: number
  /** How long it stays open before it lets trials through. */
  readonly openMs: number
  /** Trials each time; 1 unless given. */
  readonly trials?: number
  /** An operation that meets it open ends within this time. */
  readonly failsFastMs: number
  /** After the roll-back, calls go out again within this time. */
  readonly closesWithinMs: number
  /** Connections after the roll-back, in any second and open at once, against the most before; 2 unless given. */
  readonly herdFactor?: number
}

interface Seen extends SeenOnLink {
  /** Silences while the fault acts. */
  readonly open: readonly Interval[]
}

/** An operation due so shortly before the end of a silence may be the trial that ended it. */
const trialMarginMs = 200
const herdWindowMs = 5000
/** A call may be on its way for so long before the ledger sees it: a silence looks that much shorter than it is. */
const transitMs = 50

/** The promises of one breaker, each checked by what the proxy's ledger saw on the link: six expectations. */
export function breaker(promise: BreakerPromise): Expectation[] {
  const { link, opensAfterFailures = 0, opensWithinCalls, openMs, trials = 1 } = promise
  const { failsFastMs, closesWithinMs, herdFactor = 2 } = promise
  const patience = opensAfterFailures > 0 ? `${opensAfterFailures} failures and ` : ''
  const expectation = (
    name: string,
    declared: string,
    check: (seen: Seen, evidence: ExperimentEvidence) => Finding,
  ): Expectation => ({
    name: `breaker on ${link} ${name}`,
    declared,
    link,
    check(evidence) {
      const seen = look(promise, evidence)
      return typeof seen === 'string' ? { outcome: 'inconclusive', observed: seen } : check(seen, evidence)
    },
  })
  return [
    expectation('opens', `after ${patience}at most ${opensWithinCalls} calls`, (seen, { injectedAt }) =>
      opens(seen, injectedAt ?? seen.fault.from, { failures: opensAfterFailures, calls: opensWithinCalls }),
    ),
    expectation('sends nothing but trials while open', `${trials} each ${milliseconds(openMs)}`, (seen) =>
      sendsOnlyTrials(seen, { openMs, trials }),
    ),
    expectation('fails fast while open', `within ${milliseconds(failsFastMs)}`, (seen) =>
      failsFast(seen, failsFastMs),
    ),
    expectation('closes', `within ${milliseconds(closesWithinMs)}`, (seen, evidence) =>
      closes(seen, evidence, { closesWithinMs, openMs }),
    ),
    expectation('lets no herd through', `≤ ${herdFactor} × before`, (_seen, evidence) =>
      noHerd(link, evidence, herdFactor),
    ),
    expectation('stays open for its time', `${milliseconds(openMs)} each time`, (seen) =>
      staysOpen(seen, { openMs, failsFastMs }),
    ),
  ]
}

/** What was seen, or what is missing. */
function look(promise: BreakerPromise, evidence: ExperimentEvidence): Seen | string {
  const seen = onLink(promise, evidence)
  if (typeof seen === 'string') return seen
  const { traffic, wanting, fault } = seen
  return { ...seen, open: silences(traffic, wanting, { within: fault, quietMs: promise.openMs / 2 }) }
}

function opens(
  { traffic, samples, fault, open, wanting }: Seen,
  injectedAt: EpochMs,
  { failures, calls: atMost }: { failures: number; calls: number },
): Finding {
  const [first] = open
  if (!first) {
    const calls = callsWithin(traffic, fault)
    const due = wanting.filter(({ startedAt }) => startedAt >= fault.from && startedAt < fault.to)
    return due.length <= atMost
      ? { outcome: 'inconclusive', observed: `only ${due.length} operations wanted the link` }
      : { outcome: 'broken', observed: `never: ${calls} calls went out` }
  }
  const calls = callsWithin(traffic, { from: fault.from, to: first.from })
  const observed = `after ${calls} calls`
  if (calls > atMost || failures === 0) return { outcome: calls <= atMost ? 'held' : 'broken', observed }
  const failed = failedBy(samples, injectedAt, firstMet(wanting, first))
  if (failed === undefined)
    return { outcome: 'inconclusive', observed: `${observed}; failures aren’t counted` }
  return {
    outcome: failed >= failures ? 'held' : 'broken',
    observed: `${observed}, ${failed} of which had failed when it was first met open`,
  }
}

/** When the first operation that met it open was over: whatever opened it had failed by then. */
function firstMet(wanting: readonly Operation[], silence: Interval): EpochMs {
  return wanting.find(({ startedAt }) => startedAt >= silence.from)?.endedAt ?? silence.to
}

/** Calls that failed between two moments; too many rather than too few: of each look, its answer's moment or its question's counts. */
function failedBy(samples: readonly LinkSample[], from: EpochMs, to: EpochMs): number | undefined {
  const before = samples.findLast(({ at }) => at <= from)?.failedRequests
  const by = (samples.find(({ at, tookMs = 0 }) => at - tookMs >= to) ?? samples.at(-1))?.failedRequests
  return before === undefined || by === undefined ? undefined : by - before
}

const neverOpen: Finding = { outcome: 'inconclusive', observed: 'it was not seen open' }

function sendsOnlyTrials(
  { traffic, fault, open }: Seen,
  { openMs, trials }: { openMs: number; trials: number },
): Finding {
  const [first] = open
  if (!first) return neverOpen
  const span = { from: first.from, to: fault.to }
  const rounds = Math.ceil((span.to - span.from) / openMs)
  const calls = callsWithin(traffic, span)
  return {
    outcome: calls <= rounds * trials ? 'held' : 'broken',
    observed: `${calls} calls in ${milliseconds(span.to - span.from)}`,
  }
}

/**
 * Nothing ends its time early: no trial of an impatient one, and no late answer to a call from before it opened. Each silence
 * is taken for as long as it can be: the moment of a call is known as well as two looks at the ledger are apart, and on a
 * busy machine the call before it was let through long before it was sent.
 */
function staysOpen(
  { open, traffic, wanting, fault }: Seen,
  { openMs, failsFastMs }: { openMs: number; failsFastMs: number },
): Finding {
  const longest = open.flatMap(({ from, to }) => {
    const before = traffic.find((look) => look.to === from)
    const after = traffic.find((look) => look.from === to)
    if (!after || after.to > fault.to) return []
    return [after.to - (before ? lastLetThrough(before, wanting, failsFastMs) : from)]
  })
  if (longest.length === 0) return neverOpen
  const shortest = Math.min(...longest) + transitMs
  return {
    outcome: shortest >= openMs ? 'held' : 'broken',
    observed: `${longest.length} times, the shortest for at most ${milliseconds(shortest)}`,
  }
}

/** The earliest that the last call of a look can have been let through: when the last operation began that didn't fail fast. */
function lastLetThrough(look: Traffic, wanting: readonly Operation[], failsFastMs: number): EpochMs {
  const [caller] = wanting
    .filter(
      (operation) =>
        operation.startedAt < look.to &&
        operation.endedAt > look.earliest &&
        latencyOf(operation) > failsFastMs,
    )
    .toSorted((a, b) => b.startedAt - a.startedAt)
  return Math.min(look.earliest, caller?.startedAt ?? look.earliest)
}

function failsFast({ wanting, open }: Seen, withinMs: number): Finding {
  const met = wanting.filter(({ startedAt }) =>
    open.some(({ from, to }) => startedAt >= from && startedAt < to - trialMarginMs),
  )
  if (met.length === 0) return neverOpen
  const slowest = met.toSorted((a, b) => latencyOf(b) - latencyOf(a))[0]!
  const held = latencyOf(slowest) <= withinMs
  return {
    outcome: held ? 'held' : 'broken',
    observed: `${met.length} operations, the slowest after ${milliseconds(latencyOf(slowest))}`,
    ...(!held && { counterExample: told(slowest) }),
  }
}

function closes(
  { traffic, wanting }: Seen,
  { rolledBackAt }: ExperimentEvidence,
  { closesWithinMs, openMs }: { closesWithinMs: number; openMs: number },
): Finding {
  if (rolledBackAt === undefined) return { outcome: 'inconclusive', observed: 'the fault was not taken off' }
  const after = { from: rolledBackAt, to: Number.POSITIVE_INFINITY }
  const last = silences(traffic, wanting, { within: after, quietMs: openMs / 2 }).at(-1)
  const calls = callsWithin(traffic, after)
  if (calls === 0 && !last) return { outcome: 'inconclusive', observed: 'nobody wanted the link any more' }
  const lateMs = (last?.to ?? rolledBackAt) - rolledBackAt
  return calls > 0 && lateMs <= closesWithinMs
    ? { outcome: 'held', observed: `after at most ${milliseconds(lateMs)}` }
    : { outcome: 'broken', observed: `silent still after ${milliseconds(lateMs)}` }
}

function noHerd(
  link: LinkName,
  { links, history, rolledBackAt }: ExperimentEvidence,
  factor: number,
): Finding {
  const baseline = history.phases.find(({ name }) => name === 'baseline')
  const samples = links[link] ?? []
  if (!baseline || rolledBackAt === undefined)
    return { outcome: 'inconclusive', observed: 'there is no before and after' }
  const mostIn = (span: Interval) => {
    const within = samples.filter(({ at }) => at >= span.from && at < span.to)
    const open = Math.max(0, ...within.map((sample) => sample.open))
    const connects = within.map(
      ({ at, accepted }) =>
        Math.max(
          ...within.filter((other) => other.at >= at && other.at < at + 1000).map((other) => other.accepted),
        ) - accepted,
    )
    return Math.max(open, 0, ...connects)
  }
  const before = Math.max(mostIn(baseline), 1)
  const after = mostIn({ from: rolledBackAt, to: rolledBackAt + herdWindowMs })
  return {
    outcome: after <= factor * before ? 'held' : 'broken',
    observed: `${after} connections at most, ${before} before`,
  }
}
