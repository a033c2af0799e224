import type { EpochMs, Interval } from '#core'
import type { At, Exchange, FaultFamily, PreFlight, Signal } from '#evidence'
import type { Attempt, Blocked, TestDefinition } from '#run'
import { type Needs, type Path, pathOf } from '#topology'
import type { View } from './view.ts'

interface Common {
  /** The operation that failed, in time. */
  readonly window: Interval
  /** What it may lie on, from what the test needs and was seen to use. */
  readonly path: Path
  readonly family: FaultFamily
  /** The service that the failing operation was meant for, or the host when the topology knows no such service. */
  readonly target: string
}

/** One attempt that failed, with the fact that counts: the first error that isn't a consequence. */
export interface FailureTrouble extends Common {
  readonly kind: 'failure'
  readonly attempt: Attempt
  readonly signal: Signal | null
  /** The conversation that failed, or the one whose answer was not as expected. */
  readonly exchange: Exchange | null
  readonly operation: string | null
  /** Whether all conversations with the application were complete and good, so that what failed is a received value. */
  readonly valueReceived: boolean
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
    links: path.links.filter((link) => services.includes(link.slice(link.indexOf('/') + 1))),
  }
}

type Fact = Pick<FailureTrouble, 'family' | 'signal' | 'exchange' | 'valueReceived'>

/**
 * The fact that counts. A wrong value counts before an earlier error when every conversation that failed was repeated
 * with success: nothing but the value is then left to explain. Otherwise the first error counts.
 */
function factOf(attempt: Attempt, entry: string): Fact {
  const wrong = attempt.signals.find((signal) => signal.family === 'wrong-value' && signal.kind !== 'timeout')
  if (wrong) {
    const before = endedBy(attempt.exchanges, wrong)
    const last = lastAnswer(before)
    if (last && unresolved(before).length === 0 && !isAdmission(last) && last.wellFormed !== false)
      return { family: 'wrong-value', signal: wrong, exchange: last, valueReceived: true }
  }
  const signal = firstOf(attempt.signals)
  const before = endedBy(attempt.exchanges, signal)
  const last = lastAnswer(before)
  const admission = last && isAdmission(last) ? last : null
  const exchange = failedExchange(attempt, unresolved(before), signal) ?? admission
  const rejected = isRejection(signal, exchange)
  return {
    family: rejected ? 'wrong-value' : familyOf(signal, exchange),
    signal,
    exchange,
    valueReceived: rejected && (exchange?.target ?? entry) === entry && exchange?.producer !== 'intermediary',
  }
}

/** A signal is noted a moment after the conversation that it came from. */
const lateMs = 100

/** Conversations that had ended when the signal came up: what came later, a socket closed in clearing up, is no cause of it. */
function endedBy(exchanges: readonly Exchange[], signal: Signal | null): readonly Exchange[] {
  const at = signal?.at
  return at === undefined ? exchanges : exchanges.filter((exchange) => exchange.to <= at + lateMs)
}

function lastAnswer(exchanges: readonly Exchange[]): Exchange | null {
  return exchanges.findLast((exchange) => !isFailed(exchange) && exchange.outcome === 'ok') ?? null
}

/** An answer in which the application itself names what stood in its way. */
function isAdmission(exchange: Exchange): boolean {
  return (exchange.claims?.length ?? 0) > 0
}

/** The first error in time; errors without a time keep their order and come last. */
function firstOf(signals: readonly Signal[]): Signal | null {
  const own = signals.filter((signal) => !signal.consequence)
  const at = (signal: Signal): EpochMs => signal.at ?? Number.POSITIVE_INFINITY
  return own.reduce<Signal | null>(
    (first, signal) => (!first || at(signal) < at(first) ? signal : first),
    null,
  )
}

function statusOf(exchange: Exchange): number {
  return exchange.protocol === 'http' ? Number(exchange.code ?? 0) : 0
}

function isFailed(exchange: Exchange): boolean {
  return exchange.outcome === 'failed' || statusOf(exchange) >= 500
}

/** Failed conversations that no later success of the same operation made good. */
function unresolved(exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.filter(
    (exchange) =>
      isFailed(exchange) &&
      !exchanges.some(
        (later) =>
          later.from >= exchange.to &&
          later.outcome === 'ok' &&
          !isFailed(later) &&
          later.operation === exchange.operation &&
          later.target === exchange.target,
      ),
  )
}

/** The conversation that the signal came from: the one around its time, else the first that failed, else the one given up. */
function failedExchange(
  attempt: Attempt,
  open: readonly Exchange[],
  signal: Signal | null,
): Exchange | undefined {
  const byStart = open.toSorted((a, b) => a.from - b.from)
  const at = signal?.at
  const around =
    at === undefined ? undefined : byStart.find((each) => each.from <= at && at <= each.to + lateMs)
  const found = around ?? byStart[0]
  if (found || (signal && signal.family !== 'no-answer')) return found
  return attempt.exchanges.findLast((exchange) => exchange.outcome === 'aborted')
}

/** Statuses below 500 that say nothing of the request itself. */
const passing = new Set([408, 425, 429])

/** Whether the application answered that the request is not acceptable: a well-formed answer, not an outage. */
function isRejection(signal: Signal | null, exchange: Exchange | null): boolean {
  const status = signal?.kind === 'http-status' ? Number(signal.code) : exchange ? statusOf(exchange) : 0
  const counts = signal === null || signal.kind === 'http-status' || signal.family === 'wrong-value'
  return counts && status >= 400 && status < 500 && !passing.has(status)
}

const codeFamilies: Readonly<Record<string, FaultFamily>> = {
  ECONNREFUSED: 'peer-gone',
  ECONNRESET: 'peer-gone',
  UND_ERR_SOCKET: 'peer-gone',
  EPIPE: 'cut-short',
  '1006': 'cut-short',
  ETIMEDOUT: 'no-answer',
  ENOTFOUND: 'name-gone',
  EAI_AGAIN: 'name-gone',
}

/** What a signal's own family doesn't tell, the conversation does. */
function familyOf(signal: Signal | null, exchange: Exchange | null): FaultFamily {
  const telling = signal && signal.family !== 'unknown' && signal.family !== 'wrong-value'
  if (telling) return signal.family
  if (exchange && (statusOf(exchange) >= 500 || isAdmission(exchange))) return 'answered-error'
  const named = codeFamilies[exchange?.code ?? '']
  if (named) return named
  return signal?.family ?? 'unknown'
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
    return { from: Math.min(...streak.map((each) => each.from)), to: exchange.to }
  }
  const patient = attempt.patient.findLast((each) => each.outcome === 'gave-up')
  const first = patient?.tries[0]
  const last = patient?.tries.at(-1)
  return first && last ? { from: first.at, to: last.at + last.durationMs } : whole
}
