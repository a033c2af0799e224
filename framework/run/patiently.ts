import { messageOf, now, orAbort, type Random, sleep } from '#core'
import type { PatientRecord } from './attempt.ts'
import { timeLimit } from './time-limit.ts'

/** How patient one operation is. Durations in ms. */
export interface PatienceOptions {
  /** The limit of one try; it is multiplied by `factor`. */
  readonly limitMs?: number
  /** How many tries may follow the first. */
  readonly retries?: number
  /** The wait before retry n is n times this, with jitter. */
  readonly retryDelayMs?: number
}

/** What the machinery adds to what the test asks for. */
export interface PatienceContext {
  /** The strategy's timeout factor. */
  readonly factor: number
  /** Ends the waiting: the test's own end. */
  readonly signal: AbortSignal
  readonly random: Random
  /** Whether trying again can help. Assertions, 4xx answers and misuse never are. */
  isTransient(error: unknown): boolean
  record(patient: PatientRecord): void
}

export const defaultPatience = { limitMs: 10_000, retries: 3, retryDelayMs: 2000 } as const

type Try = PatientRecord['tries'][number]

/**
 * Runs `work`, again after a failure that may pass by itself. Each try gets a signal that aborts at its limit, and is
 * given up then even if `work` doesn't listen. Rejects with the last error, the number of tries noted in its message.
 */
export async function patiently<T>(
  operation: string,
  work: (signal: AbortSignal) => Promise<T>,
  options: PatienceOptions,
  context: PatienceContext,
): Promise<T> {
  const { limitMs, retries, retryDelayMs } = { ...defaultPatience, ...options }
  const scaledMs = Math.round(limitMs * context.factor)
  const limit = { limitMs: scaledMs, setByTest: options.limitMs !== undefined }
  const tries: Try[] = []
  const note = (outcome: PatientRecord['outcome']) =>
    context.record({ operation, limitMs: scaledMs, tries, outcome })
  for (let n = 1; ; n += 1) {
    const at = now()
    try {
      using patience = timeLimit(`${operation}: no result`, limit, context.signal)
      const value = await orAbort(work(patience.signal), patience.signal)
      tries.push({ at, durationMs: now() - at })
      note('ok')
      return value
    } catch (error) {
      tries.push({ at, durationMs: now() - at, failure: messageOf(error) })
      if (n > retries || context.signal.aborted || !context.isTransient(error)) {
        note('gave-up')
        throw n > 1 ? withTries(error, operation, n) : error
      }
    }
    await sleep(retryDelayMs * n * (0.75 + context.random.next() / 2), context.signal).catch((reason) => {
      note('gave-up')
      throw reason
    })
  }
}

function withTries(error: unknown, operation: string, n: number): unknown {
  if (error instanceof Error && Object.isExtensible(error))
    Object.defineProperty(error, 'message', {
      value: `${error.message} (${operation}: ${n} tries)`,
      configurable: true,
      writable: true,
    })
  return error
}
