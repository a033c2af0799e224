import { type EpochMs, now } from '#core'
import type { IdentityHeaders } from '#topology'
import type { Exchange } from '../exchange.ts'
import { signalsOfError } from '../signals/error.ts'
import { firstCause } from '../signals/order.ts'
import { type HeaderMap, identityOf, producerOf } from './answer.ts'
import { claimsOf, parseDeclared } from './claims.ts'

/** What is known of an exchange before an answer. */
export interface Opening {
  readonly protocol: Exchange['protocol']
  readonly operation: string
  readonly target?: string | undefined
  readonly host: string
  /** The request’s `Accept`. */
  readonly accepts?: string | undefined
}

/** One exchange under way: what comes in is added, and one of the endings makes the {@link Exchange}. */
export class Conversation {
  readonly opening: Opening
  readonly #identityHeaders: IdentityHeaders
  readonly #from: EpochMs = now()
  #answer: { readonly status: number; readonly headers: HeaderMap } | undefined

  constructor(opening: Opening, identityHeaders: IdentityHeaders) {
    this.opening = opening
    this.#identityHeaders = identityHeaders
  }

  answered(status: number, headers: HeaderMap): void {
    this.#answer = { status, headers }
  }

  /** The answer’s `Content-Type`, empty without one. */
  get contentType(): string {
    return this.#answer?.headers['content-type'] ?? ''
  }

  /** Whether the body comes as it is, so that it can be read as text. */
  get isPlain(): boolean {
    return (
      this.#answer !== undefined && (this.#answer.headers['content-encoding'] ?? 'identity') === 'identity'
    )
  }

  /** The answer came to its end; with its body, where that could be read. */
  completed(body?: string): Exchange {
    const parsed = body === undefined ? undefined : parseDeclared(this.contentType, body)
    const claims = parsed ? claimsOf(this.contentType, parsed.value) : []
    const known = parsed?.wellFormed ?? (/\bjson\b/i.test(this.contentType) ? undefined : true)
    return {
      ...this.#exchange(),
      ...(known === undefined ? {} : { wellFormed: known }),
      ...(claims.length > 0 ? { claims } : {}),
    }
  }

  /** It broke off, or never was answered; an end that the caller asked for is `aborted`. */
  failed(error: unknown, byCaller = isByCaller(error)): Exchange {
    const { code: _, ...exchange } = this.#exchange()
    if (byCaller) return { ...exchange, outcome: 'aborted' }
    const code = firstCause(signalsOfError(error))?.code
    return {
      ...exchange,
      outcome: 'failed',
      ...(code === undefined ? {} : { code }),
      ...(this.#answer ? { wellFormed: false } : {}),
    }
  }

  /** The attempt ended first: with an answer whose body nobody read, or without any. */
  abandoned(): Exchange {
    return this.#answer ? this.#exchange() : { ...this.#exchange(), outcome: 'aborted' }
  }

  #exchange(): Exchange {
    const { protocol, operation, target, host } = this.opening
    return {
      protocol,
      operation,
      ...(target === undefined ? {} : { target }),
      host,
      from: this.#from,
      to: now(),
      outcome: 'ok',
      ...this.#answerFacts(),
    }
  }

  #answerFacts(): Partial<Exchange> {
    if (!this.#answer) return {}
    const { status, headers } = this.#answer
    const identity = identityOf(headers, this.#identityHeaders)
    const producer = producerOf(headers, { identity, status, accepts: this.opening.accepts })
    return {
      outcome: isFailure(this.opening.protocol, status, producer) ? 'failed' : 'ok',
      code: String(status),
      producer,
      ...(identity ? { identity } : {}),
    }
  }
}

/**
 * Whether a status says that the conversation itself failed. A 4xx of the application is an answer like any other:
 * whether it is the expected one, the test says.
 */
function isFailure(protocol: Exchange['protocol'], status: number, producer: Exchange['producer']): boolean {
  if (protocol === 'websocket') return status !== 101
  return status >= 500 || status === 408 || status === 429 || (status >= 400 && producer === 'intermediary')
}

function isByCaller(error: unknown): boolean {
  const name = error instanceof Error ? error.name : ''
  const code = firstCause(signalsOfError(error))?.stableCode
  return name === 'AbortError' || code === 'FETCH.TIMEOUT' || code === 'FETCH.ABORTED'
}
