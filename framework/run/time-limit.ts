/**
 * A time limit that ended something. It reads as what `AbortSignal.timeout` gives, so that whoever knows that one
 * knows this one; and it says how long the limit was, and who set it.
 */
export class TimeLimitMet extends DOMException {
  readonly limitMs: number
  /** Whether the test itself set the limit, and not a default. */
  readonly setByTest: boolean
  constructor(what: string, limitMs: number, { setByTest }: { setByTest: boolean }) {
    super(`${what} within ${limitMs} ms`, 'TimeoutError')
    this.limitMs = limitMs
    this.setByTest = setByTest
  }
}

/**
 * A signal that aborts with {@link TimeLimitMet} after `limitMs`, or as `parent` does. Clients know this reason for an
 * abort by their caller, so that what they were doing isn't taken for a failure of the other side.
 */
export function timeLimit(
  what: string,
  limit: { limitMs: number; setByTest: boolean },
  parent: AbortSignal,
): { signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(new TimeLimitMet(what, limit.limitMs, limit)),
    limit.limitMs,
  )
  return {
    signal: AbortSignal.any([parent, controller.signal]),
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}
