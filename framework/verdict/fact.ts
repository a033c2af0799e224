import type { EpochMs } from '#core'
import type { Exchange, FaultFamily, Signal } from '#evidence'
import type { Attempt } from '#run'

/** The fact of a failed attempt that counts, and the conversation that it came from. */
export interface Fact {
  readonly family: FaultFamily
  /** The first error that isn't a consequence. */
  readonly signal: Signal | null
  /** The conversation that failed, or the one whose answer was not as expected. */
  readonly exchange: Exchange | null
  /** Whether all conversations with the application were complete and good, so that what failed is a received value. */
  readonly valueReceived: boolean
}

/**
 * The fact that counts. A wrong value counts before an earlier error when every conversation that failed was repeated
 * with success: nothing but the value is then left to explain. Otherwise the first error counts.
 */
export function factOf(attempt: Attempt, entry: string): Fact {
  // Only what was compared is a value that was received: an element that never showed may never have been sent.
  const wrong = attempt.signals.find(
    (signal) => signal.family === 'wrong-value' && signal.kind === 'assertion',
  )
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

/** Whether a conversation failed, by its end or by an answer that says so. */
export function isFailed(exchange: Exchange): boolean {
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

/**
 * The conversation that the signal came from: the one around its time, else the first that failed, else the one given up, unless
 * it began after the signal: a process that was kept from running may still have sent it when the test's time was up.
 */
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
  return attempt.exchanges.findLast(({ outcome, from }) => outcome === 'aborted' && from <= (at ?? from))
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
