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
