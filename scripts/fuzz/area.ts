import { isFaultlineError } from '#core'

/** One door by which foreign input comes in: inputs are made, and given to it. */
export interface Area {
  readonly name: string
  /** Its part of all inputs, in proportion to the others: what needs files or sockets takes few. */
  readonly weight: number
  /** Gives so many inputs; rejects with the first that brings the door down, and how to meet it again. */
  run(options: { readonly runs: number; readonly seed: number }): Promise<void>
}

/** No input of these sizes may take longer, in ms, on a busy machine. */
const longestMs = 10_000

/** What the door may throw: its own errors by code, besides those of `allowed`. Anything else is a crash; long times are hangs. */
export function mustHold<Input>(
  door: (input: Input) => unknown,
  allowed: (error: unknown) => boolean = () => false,
): (input: Input) => Promise<void> {
  return async (input) => {
    const began = performance.now()
    try {
      await door(input)
    } catch (error) {
      if (!isFaultlineError(error) && !allowed(error)) throw error
    }
    const took = performance.now() - began
    if (took > longestMs) throw new Error(`it took ${Math.round(took)} ms`)
  }
}
