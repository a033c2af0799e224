import { now } from '#core'
import { TimeLimitMet } from '#run'

/** What may end one operation of a test. */
export interface TimeLimits {
  /** Aborts at the first of them: the test's end, the caller's signal, the caller's limit. */
  readonly signal: AbortSignal
  /** The error to throw when it was the caller's limit that ended it. */
  met(what: string): TimeLimitMet | undefined
  /**
   * The error to throw when the operation went well, and its limit had passed: a process that was kept from running reads
   * the answer before it sees its timer.
   */
  overrun(what: string): TimeLimitMet | undefined
}

/** Joins the test's own end with what a caller asks for. */
export function timeLimits(
  test: AbortSignal,
  { signal, timeoutMs }: { signal?: AbortSignal; timeoutMs?: number },
): TimeLimits {
  const others = signal ? [test, signal] : [test]
  if (timeoutMs === undefined)
    return { signal: AbortSignal.any(others), met: () => undefined, overrun: () => undefined }
  const limit = AbortSignal.timeout(timeoutMs)
  const endsAt = now() + timeoutMs
  const error = (what: string) => new TimeLimitMet(what, timeoutMs, { setByTest: true })
  return {
    signal: AbortSignal.any([...others, limit]),
    met: (what) => (limit.aborted && !others.some((one) => one.aborted) ? error(what) : undefined),
    overrun: (what) => (now() > endsAt ? error(what) : undefined),
  }
}
