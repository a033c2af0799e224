import { maskLikelySecrets } from '#core'
import { firstCause, placeSignals, type Signal, signalsOfError } from '#evidence'
import { TimeLimitMet } from '#run'
import { isAssertion, type ThrownError } from './errors.ts'

/** The low-level facts of an attempt's errors, in the order in which they were thrown. */
export function signalsOf(thrown: readonly ThrownError[], redact?: (text: string) => string): Signal[] {
  return thrown.flatMap(({ error, phase, at }) =>
    placeSignals(signalsOfError(error, redact ? { redact } : {}), { phase }).map((signal) => ({
      at,
      ...signal,
      match: maskLikelySecrets(signal.match),
    })),
  )
}

const transientFamilies = new Set<Signal['family']>([
  'peer-gone',
  'no-answer',
  'cut-short',
  'name-gone',
  'starved',
])

/** Answers that something failed which may pass: overload and maintenance. Every other answer stands. */
const transientAnswers =
  /^(?:HTTP\.(?:408|425|429|5\d\d)|PG\.(?:08\w{3}|53\w{3}|57P0\d|40001|40P01)|WS\.10(?:01|11|12|13))$/

/** Asking is looking at the value, and a value may refuse that. */
function isTimeLimit(error: unknown): boolean {
  try {
    return error instanceof TimeLimitMet
  } catch {
    return false
  }
}

/** Whether trying again may help, by what the error says happened first. What says nothing that we know isn't retried. */
export function isTransient(error: unknown): boolean {
  if (isTimeLimit(error)) return true
  if (isAssertion(error)) return false
  const first = firstCause(signalsOfError(error))
  return (
    first !== undefined && (transientFamilies.has(first.family) || transientAnswers.test(first.stableCode))
  )
}
