import { deadline, type EpochMs, messageOf, now } from '#core'
import type { Operation, OperationOutcome, ReadValues, WrittenValue } from './history.ts'
import type { OperationNotes } from './journey.ts'

/** An answer that was a refusal. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, text: string) {
    super(`status ${status}: ${text.slice(0, 200)}`)
    this.name = 'Refused'
    this.status = status
  }
}

/** Codes of attempts that ended before anything was sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Codes of conversations that ended before their answer did, and names of errors that say the same. */
const noAnswer = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'DEADLINE_EXCEEDED'])
const noAnswerNames = /^(TimeoutError|AbortError|SocketClosed|DeadlineExceeded)$/

/** How an operation ended that threw, and why in a word. What isn't the network's doing is a wrong answer: `failed`. */
export function outcomeOfError(error: unknown): { outcome: Exclude<OperationOutcome, 'ok'>; detail: string } {
  if (error instanceof Refused) return { outcome: 'failed', detail: String(error.status) }
  const chain = causesOf(error)
  const code = chain.map(codeOf).find((one) => one !== undefined)
  if (code !== undefined && neverSent.has(code)) return { outcome: 'failed', detail: code }
  const silent = chain.find(({ name }) => noAnswerNames.test(name))
  if (code !== undefined && (noAnswer.has(code) || code.startsWith('UND_ERR_')))
    return { outcome: 'unknown', detail: code }
  if (silent) return { outcome: 'unknown', detail: silent.name }
  return { outcome: 'failed', detail: messageOf(error).slice(0, 200) }
}

/** The error and what is behind it, outermost first. */
function causesOf(error: unknown): Error[] {
  if (!(error instanceof Error)) return []
  const inner = error instanceof AggregateError ? error.errors : [error.cause]
  return [error, ...inner.flatMap(causesOf)]
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

export interface OperationRequest {
  readonly id: number
  readonly name: string
  readonly startedAt: EpochMs
  readonly limitMs: number
  readonly write: WrittenValue | undefined
  readonly signal: AbortSignal
}

/** Runs one operation within its limit. Never rejects: what goes wrong is its outcome. */
export async function runOperation<T>(
  { id, name, startedAt, limitMs, write, signal }: OperationRequest,
  work: (notes: OperationNotes) => Promise<T>,
): Promise<{ operation: Operation; value: T | undefined }> {
  let degraded: string | undefined
  let read: ReadValues | undefined
  using limit = deadline(limitMs, signal)
  const notes: OperationNotes = {
    signal: limit.signal,
    accepted(answer) {
      if (answer.status < 200 || answer.status > 299) throw new Refused(answer.status, answer.text)
      return answer
    },
    degraded: (word) => {
      degraded = word
    },
    read: (key, values) => {
      read = { key, values }
    },
  }
  const ended = (end: { outcome: OperationOutcome; detail?: string }): Operation => ({
    ...{ id, name, startedAt, endedAt: now() },
    ...end,
    ...(degraded !== undefined && { degraded }),
    ...(write && { write }),
    ...(read && { read }),
  })
  try {
    const value = await work(notes)
    return { operation: ended({ outcome: 'ok' }), value }
  } catch (error) {
    return { operation: ended(outcomeOfError(error)), value: undefined }
  }
}
