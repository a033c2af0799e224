import type { EpochMs, Interval } from '#core'
import type { At, Exchange, FaultFamily, PreFlight } from '#evidence'
import type { Attempt, Blocked, TestDefinition } from '#run'
import { endsOf, type Needs, type Path, pathOf } from '#topology'
import { type Fact, factOf, isFailed } from './fact.ts'
import type { View } from './view.ts'

interface Common {
  /** The operation that failed, in time. */
  readonly window: Interval
  /** What it may lie on, from what the test needs and was seen to use. */
  readonly path: Path
  /** `unknown` where no test failed. */
  readonly family: FaultFamily
  /** The service that the failing operation was meant for, or the host when the topology knows no such service. */
  readonly target: string
}

/** One attempt that failed, with the fact that counts: the first error that isn't a consequence. */
export interface FailureTrouble extends Common, Fact {
  readonly kind: 'failure'
  readonly attempt: Attempt
  readonly operation: string | null
  /** Services that the test says it can do without. */
  readonly spared: readonly string[]
}

/** A test that wasn't run because of services that were down. */
export interface BlockedTrouble extends Common {
  readonly kind: 'blocked'
  readonly testId: string
  readonly down: readonly string[]
}

/** The wait before the suites ended with the environment not ready. */
export interface NotReadyTrouble extends Common {
  readonly kind: 'not-ready'
  readonly down: readonly string[]
}

/** What a verdict explains. */
export type Trouble = FailureTrouble | BlockedTrouble | NotReadyTrouble

/** Before the suites, only the end of the wait counts: what came up in time was no trouble. */
const preFlightTailMs = 5_000

export function notReadyTrouble(view: View, record: At<PreFlight>): NotReadyTrouble {
  const needs: Needs = Object.fromEntries(record.down.map((service) => [service, 'required']))
  return {
    kind: 'not-ready',
    window: { from: record.at - Math.min(record.waitedMs, preFlightTailMs), to: record.at },
    path: pathOf(view.topology, needs),
    family: 'unknown',
    target: record.down[0] ?? view.entry,
    down: record.down,
  }
}

export function blockedTrouble(view: View, blocked: Blocked, needs: Needs): BlockedTrouble {
  return {
    kind: 'blocked',
    testId: blocked.testId,
    window: { from: blocked.at - view.gapMs, to: blocked.at },
    path: pathOf(view.topology, needs, blocked.blockedBy),
    family: 'unknown',
    target: blocked.blockedBy[0] ?? view.entry,
    down: blocked.blockedBy,
  }
}

/** Reads a failed attempt: which error counts, which conversation it came from, and when that was. */
export function failureTrouble(
  view: View,
  attempt: Attempt,
  test: TestDefinition | undefined,
): FailureTrouble {
  const fact = factOf(attempt, view.entry)
  const target = targetOf(view, fact.exchange)
  return {
    kind: 'failure',
    attempt,
    ...fact,
    spared: Object.entries(test?.needs ?? {}).flatMap(([name, need]) => (need === 'optional' ? [name] : [])),
    operation:
      fact.exchange?.operation ??
      attempt.patient.findLast((each) => each.outcome === 'gave-up')?.operation ??
      null,
    window: windowOf(attempt, fact),
    path: pathFrom(
      view,
      pathOf(view.topology, test?.needs ?? {}, known(view, fact.exchange?.target)),
      target,
    ),
    target,
  }
}

function known(view: View, service: string | undefined): string[] {
  return service !== undefined && service in view.topology.services ? [service] : []
}

function targetOf(view: View, exchange: Exchange | null): string {
  return exchange?.target ?? exchange?.host ?? view.entry
}

/** A conversation with a service behind the entry lies only on that service and what it requires. */
function pathFrom(view: View, path: Path, target: string): Path {
  if (target === view.entry || !(target in view.topology.services)) return path
  const { services } = pathOf({ ...view.topology, entry: target }, {})
  return {
    services,
    links: path.links.filter((link) => services.includes(endsOf(link).to)),
  }
}

/** From the first failure of the operation's last streak until its last one; without a conversation, what the test itself waited for. */
function windowOf(attempt: Attempt, { exchange }: Pick<Fact, 'exchange'>): Interval {
  const whole = { from: attempt.startedAt, to: attempt.startedAt + attempt.durationMs }
  if (exchange) {
    const same = attempt.exchanges.filter(
      (each) => each.operation === exchange.operation && each.target === exchange.target,
    )
    const index = same.indexOf(exchange)
    const started = same.slice(0, index).findLastIndex((each) => !isFailed(each)) + 1
    const streak = same.slice(Math.min(started, index), index + 1)
    return { from: Math.min(startOf(attempt, exchange), ...streak.map((each) => each.from)), to: exchange.to }
  }
  const patient = attempt.patient.findLast((each) => each.outcome === 'gave-up')
  const first = patient?.tries[0]
  const last = patient?.tries.at(-1)
  return first && last ? { from: first.at, to: last.at + last.durationMs } : whole
}

/**
 * When an operation that met its own limit began: the limit before its end. A process that was kept from running may have sent
 * it, and so been seen to begin, long after.
 */
function startOf({ ownTimeoutMs, startedAt }: Attempt, exchange: Exchange): EpochMs {
  if (ownTimeoutMs === undefined || exchange.outcome !== 'aborted') return exchange.from
  return Math.max(startedAt, Math.min(exchange.from, exchange.to - ownTimeoutMs))
}
