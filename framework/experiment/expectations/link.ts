import type { LinkName } from '#topology'
import type { ExperimentEvidence } from '../evidence.ts'
import { type Expectation, type Finding, milliseconds, ofNames } from '../expectation.ts'
import { callsWithin, silences } from '../silence.ts'
import { onLink, type SeenOnLink, type WantedLink } from './on-link.ts'
import { told } from './operations.ts'

function onLinkExpectation(
  wanted: WantedLink,
  { name, declared }: { name: string; declared: string },
  check: (seen: SeenOnLink, evidence: ExperimentEvidence) => Finding,
): Expectation {
  return {
    name: `${name} on ${wanted.link}`,
    declared,
    link: wanted.link,
    check(evidence) {
      const seen = onLink(wanted, evidence)
      return typeof seen === 'string' ? { outcome: 'inconclusive', observed: seen } : check(seen, evidence)
    },
  }
}

/**
 * The breaker on a link stays closed while the fault acts: for trouble that is no reason to open, such as refusals of what
 * was asked, a single failure, answers that are slow and still in time, or load that the application itself turned away.
 */
export function breakerStaysClosed({ openMs, ...wanted }: WantedLink & { openMs: number }): Expectation {
  return onLinkExpectation(wanted, { name: 'breaker stays closed', declared: 'never open' }, (seen) => {
    const { traffic, wanting, fault } = seen
    if (!wanting.some(({ startedAt }) => startedAt >= fault.from && startedAt < fault.to))
      return { outcome: 'inconclusive', observed: 'no operation wanted the link' }
    const [open] = silences(traffic, wanting, { within: fault, quietMs: openMs / 2 })
    return open
      ? { outcome: 'broken', observed: `nothing was sent for ${milliseconds(open.to - open.from)}` }
      : { outcome: 'held', observed: `${callsWithin(traffic, fault)} calls` }
  })
}

/**
 * Calls for each operation that wants the link, its first included, over all layers that send again. Of a link whose
 * requests aren't read only a lower bound is known: it can break this, and not hold it.
 */
export function callsPerOperation({ atMost, ...wanted }: WantedLink & { atMost: number }): Expectation {
  return onLinkExpectation(
    wanted,
    { name: 'calls for each operation', declared: `≤ ${atMost}` },
    ({ traffic, wanting, fault, samples }) => {
      const due = wanting.filter(({ startedAt, endedAt }) => endedAt >= fault.from && startedAt < fault.to)
      if (due.length === 0) return { outcome: 'inconclusive', observed: 'no operation wanted the link' }
      const calls = callsWithin(traffic, fault)
      const observed = `${calls} for ${due.length}`
      if (calls > atMost * due.length) return { outcome: 'broken', observed }
      return samples[0]?.requests === undefined
        ? { outcome: 'inconclusive', observed: `at least ${observed}; requests aren’t read` }
        : { outcome: 'held', observed }
    },
  )
}

export interface RetryPromise extends WantedLink {
  /** The shortest wait before anything is sent again. */
  readonly atLeastMs: number
  /** Each wait is at least this many times the one before; 1 unless given. */
  readonly growth?: number
}

/** Looks at the ledger are 50 ms apart, so that a wait is known that well. */
const looksMs = 100

/**
 * Whoever sends again waits before it, and longer each time. Told by operations that were alone: whose calls were whose
 * can't be seen when two overlap.
 */
export function retriesBackOff({ atLeastMs, growth = 1, ...wanted }: RetryPromise): Expectation {
  const declared = `≥ ${milliseconds(atLeastMs)}${growth > 1 ? `, each ${growth} × the one before` : ''}`
  return onLinkExpectation(wanted, { name: 'retries wait', declared }, ({ traffic, wanting, fault }) => {
    const alone = wanting.filter(
      (one) =>
        one.startedAt >= fault.from &&
        one.endedAt <= fault.to &&
        !wanting.some(
          (other) => other !== one && other.startedAt < one.endedAt && one.startedAt < other.endedAt,
        ),
    )
    const waits = alone.map((operation) => {
      const sent = traffic.filter(
        ({ from, to, calls }) => calls > 0 && to >= operation.startedAt && from <= operation.endedAt,
      )
      const gaps = sent.slice(1).map(({ to }, index) => to - sent[index]!.to)
      const crowded = sent.some(({ calls }) => calls > 1)
      return { operation, gaps, crowded }
    })
    const again = waits.filter(({ gaps, crowded }) => gaps.length > 0 || crowded)
    if (again.length === 0) return { outcome: 'inconclusive', observed: 'nothing was seen to be sent again' }
    const hasty = again.find(
      ({ gaps, crowded }) =>
        (crowded && atLeastMs > looksMs) ||
        gaps.some((gap) => gap < atLeastMs - looksMs) ||
        gaps.slice(1).some((gap, index) => gap < gaps[index]! * growth - 2 * looksMs),
    )
    const shortest = Math.min(...again.flatMap(({ gaps, crowded }) => (crowded ? [0, ...gaps] : gaps)))
    return {
      outcome: hasty ? 'broken' : 'held',
      observed: `${again.length} operations, the shortest wait ${milliseconds(shortest)}`,
      ...(hasty && {
        counterExample: `${told(hasty.operation)}, sent again after ${hasty.gaps.map(milliseconds).join(', ') || 'no wait'}`,
      }),
    }
  })
}

export interface LetGoPromise {
  readonly link: LinkName
  /** Connections open at once, at most, until the end. */
  readonly atMost: number
}

/**
 * Whoever gives up on a call gives up its connection: never more than so many are open at once on a link. What piles up
 * there is work that nobody waits for, or a leak.
 */
export function connectionsBounded({ link, atMost }: LetGoPromise): Expectation {
  return {
    name: `connections open on ${link}`,
    declared: `≤ ${atMost} at once`,
    link,
    check({ links, history }) {
      const from = history.phases.find(({ name }) => name === 'fault')?.from
      const seen = (links[link] ?? []).filter(({ at }) => from !== undefined && at >= from)
      if (seen.length === 0) return { outcome: 'inconclusive', observed: `there is no ledger of ${link}` }
      const most = Math.max(...seen.map(({ open }) => open))
      return { outcome: most <= atMost ? 'held' : 'broken', observed: `${most} at once` }
    },
  }
}

export interface OwnWordPromise extends WantedLink {
  /** The operation that reads the application's own word on its breaker, as `read(key, [state])`. */
  readonly says: string
  readonly key: string
  /** How far its word may be from what the ledger shows; 1000 ms unless given. */
  readonly toleranceMs?: number
  /** A silence of this length is an open breaker. */
  readonly openMs: number
}

/**
 * What the application says of its own breaker, in its metrics or its health, agrees with what went over the link: where it
 * says `closed` all through a time, that is no silence, and where nothing was sent it says `open` or `half-open`.
 */
export function breakerSaysSo({
  says,
  key,
  openMs,
  toleranceMs = 1000,
  ...wanted
}: OwnWordPromise): Expectation {
  const name = `breaker is what ${ofNames(says).slice(4)} says`
  return onLinkExpectation(
    wanted,
    { name, declared: `within ${milliseconds(toleranceMs)}` },
    ({ traffic, wanting, fault }, { history }) => {
      const words = history.operations.filter(
        (operation) => operation.name === says && operation.outcome === 'ok' && operation.read?.key === key,
      )
      if (words.length === 0) return { outcome: 'inconclusive', observed: 'it was not asked' }
      const open = silences(traffic, wanting, { within: fault, quietMs: openMs / 2 })
      const inside = words.filter(({ startedAt, endedAt }) =>
        open.some(({ from, to }) => startedAt > from + toleranceMs && endedAt < to),
      )
      const busy = words.filter(
        ({ startedAt, endedAt }) =>
          startedAt >= fault.from &&
          endedAt < fault.to &&
          callsWithin(traffic, { from: startedAt - toleranceMs, to: endedAt + toleranceMs }) > 0,
      )
      if (inside.length + busy.length === 0)
        return { outcome: 'inconclusive', observed: 'it was not asked while it could be told' }
      const isClosed = ({ read }: (typeof words)[number]) => read?.values[0] === 'closed'
      const quiet = open.length === 0
      const lie = inside.find(isClosed) ?? (quiet ? busy.find((word) => !isClosed(word)) : undefined)
      return {
        outcome: lie ? 'broken' : 'held',
        observed: `${inside.length} words while silent, ${busy.length} while calls went out`,
        ...(lie && { counterExample: `${told(lie)} says "${lie.read?.values[0]}"` }),
      }
    },
  )
}
