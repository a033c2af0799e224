import { type EpochMs, maskLikelySecrets } from '#core'
import type { SignalPhase } from '#evidence'
import type { AttemptError } from '#run'

/** One error as it was thrown, where in the test, and when. */
export interface ThrownError {
  readonly error: unknown
  readonly phase: SignalPhase
  readonly at: EpochMs
}

/** The text of anything thrown, or of an error that Vitest has already made plain. */
export function errorText(error: unknown): { name: string; message: string; stack?: string } {
  if (typeof error !== 'object' || error === null) return { name: 'Error', message: String(error) }
  const [name, message, stack] = ['name', 'message', 'stack'].map((key) => read(error, key))
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : asText(error),
    ...(typeof stack === 'string' && { stack }),
  }
}

/** A field, or undefined where reading it throws: anything can be thrown, and its attempt is told all the same. */
function read(error: object, key: string): unknown {
  try {
    return Reflect.get(error, key)
  } catch {
    return undefined
  }
}

function asText(error: object): string {
  try {
    return String(error)
  } catch {
    return 'something that gives no text'
  }
}

/** Whether an expectation of the test wasn't met. */
export function isAssertion(error: unknown): boolean {
  return errorText(error).name === 'AssertionError'
}

/** A body and its tear-down that both failed: Vitest shows the two, and each has been noted by itself. */
export class SeveralErrors extends AggregateError {}

/** Whether the test asked to be skipped: Vitest tells it by an error. */
export function isSkip(error: unknown): boolean {
  return typeof error === 'object' && error !== null && read(error, 'code') === 'VITEST_PENDING'
}

const library = /node_modules|\bnode:|[\\/]framework[\\/](?:vitest|run|core|evidence)[\\/]|<anonymous>/

/** Where the top frame outside libraries lies: in the test's own code, or nowhere outside a library. */
export function frameOf(stack: string | undefined, testFile: string): NonNullable<AttemptError['frame']> {
  const frames = (stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  if (frames.length === 0) return 'unknown'
  const own = frames.find((frame) => frame.includes(testFile) || !library.test(frame))
  return own === undefined ? 'library' : 'test'
}

/** More of a text than anybody keeps: what is cut away here never ends in the half of a secret. */
const readLength = 20_000

/** An error as an attempt holds it, without what looks like a secret: what tests send and get is nobody's to print. */
export function attemptError({ error, phase }: ThrownError, testFile: string): AttemptError {
  const { name, message, stack } = errorText(error)
  const shown = (text: string) => maskLikelySecrets(text.slice(0, readLength))
  return {
    name: shown(name),
    message: shown(message),
    ...(stack !== undefined && { stack: shown(stack) }),
    frame: frameOf(stack?.slice(0, readLength), testFile),
    phase,
  }
}
