import { median } from '../median.ts'
import type { FailureTrouble, Trouble } from '../trouble.ts'
import type { View } from '../view.ts'

/** The test's own mistake, shown by its own error. */
export interface MisuseFinding {
  readonly reason:
    | 'bad-url'
    | 'used-after-end'
    | 'ambiguous-selector'
    | 'own-code'
    | 'unknown-address'
    | 'misuse'
  readonly detail: string
  /** Whether the application had answered before, so that an answer which lacks something makes the same error. */
  readonly afterAnswer?: boolean
}

const reasons: readonly (readonly [RegExp, MisuseFinding['reason']])[] = [
  [/FETCH\.ARG|URL/i, 'bad-url'],
  [/DESTROYED|POOL_ENDED|NOT_OPEN|CLOSED|ENDED/i, 'used-after-end'],
  [/STRICT/i, 'ambiguous-selector'],
]

/** A container that isn't there is the machine's lack, not the test's mistake. */
const ofMachine = /^CTR\./

export function readMisuse(view: View, trouble: Trouble): MisuseFinding | null {
  if (trouble.kind !== 'failure') return null
  if (trouble.family === 'misuse' && trouble.signal && !ofMachine.test(trouble.signal.stableCode)) {
    const { stableCode, code, match } = trouble.signal
    const reason = reasons.find(([pattern]) => pattern.test(`${stableCode} ${code}`))?.[1] ?? 'misuse'
    return { reason, detail: match }
  }
  return ownCode(view, trouble) ?? ownWords(view, trouble) ?? unknownAddress(view, trouble)
}

const syntaxError = '42601'

/** A statement that is no SQL, sent by a line of test code over a client of the test's own: nobody else chose its words. */
function ownWords({ entry }: View, { attempt, signal }: FailureTrouble): MisuseFinding | null {
  const isAsked = attempt.exchanges.some(
    ({ protocol, target, code }) => protocol === 'postgres' && target !== entry && code === syntaxError,
  )
  if (!isAsked || signal?.stableCode !== `PG.${syntaxError}` || attempt.errors[0]?.frame !== 'test')
    return null
  return { reason: 'misuse', detail: signal.match }
}

/** An error thrown by a line of test code, while every conversation went well. */
function ownCode({ entry }: View, { attempt, exchange }: FailureTrouble): MisuseFinding | null {
  const [error] = attempt.errors
  const byLanguage =
    error && ['TypeError', 'ReferenceError', 'SyntaxError', 'RangeError'].includes(error.name)
  if (!byLanguage || error.frame !== 'test') return null
  const failed = attempt.exchanges.some((each) => each.outcome !== 'ok')
  if (failed || exchange?.claims?.length) return null
  // No answer takes a name from the scope: what a test reads off one is undefined, or of another type.
  const afterAnswer =
    error.name !== 'ReferenceError' && attempt.exchanges.some(({ target }) => target === entry)
  return { reason: 'own-code', detail: `${error.name}: ${error.message}`, afterAnswer }
}

/** Nobody answers at an address that the topology doesn't know, while the entry answers the runner. */
function unknownAddress(view: View, { exchange, family, window }: FailureTrouble): MisuseFinding | null {
  const unknown = exchange !== null && exchange.target === undefined && exchange.host !== undefined
  if (!unknown || (family !== 'peer-gone' && family !== 'name-gone')) return null
  const entryAnswers = view.edgeLooks.some(
    (look) => look.outcome === 'ok' && Math.abs(look.at - window.from) <= view.gapMs,
  )
  return entryAnswers
    ? { reason: 'unknown-address', detail: `${exchange.host} is not part of the environment` }
    : null
}

/** A limit of the test's own, beside how long the operation takes when it goes well. */
export interface TimeoutFinding {
  readonly limitMs: number
  readonly baselineMs: number
  readonly from: 'answers' | 'probe'
  readonly below: boolean
}

const fewestAnswers = 3

/** Reads an own time limit against the median of at least three good answers of that operation, or else against the probe's. */
export function readTimeout(view: View, trouble: Trouble): TimeoutFinding | null {
  if (trouble.kind !== 'failure' || trouble.family !== 'no-answer') return null
  const limitMs = trouble.attempt.ownTimeoutMs
  if (limitMs === undefined) return null
  const answers = durationsOf(view, trouble)
  const probes = trouble.target === view.entry ? view.edgeLooks : []
  const looks = probes.filter((look) => look.outcome === 'ok').map((look) => look.phases.totalMs)
  const [from, durations] =
    answers.length >= fewestAnswers ? (['answers', answers] as const) : (['probe', looks] as const)
  if (durations.length < fewestAnswers) return null
  const baselineMs = median(durations)
  return { limitMs, baselineMs, from, below: limitMs < baselineMs }
}

function durationsOf(view: View, { operation, target, attempt }: FailureTrouble): number[] {
  if (operation === null) return []
  return view.evidence.attempts
    .filter((each) => each !== attempt)
    .flatMap((each) => each.exchanges)
    .filter(
      (each) => each.operation === operation && each.outcome === 'ok' && (each.target ?? target) === target,
    )
    .map((each) => each.to - each.from)
}
