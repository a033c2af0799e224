import type { IdentityHeaders } from '#topology'
import type { Exchange } from '../exchange.ts'
import { currentAttempt } from './attempts.ts'
import { Conversation, type Opening } from './conversation.ts'
import { ExchangeStore } from './store.ts'

/** Conversations under way and exchanges done, each with the attempt that it was tied to when it began. */
export class Ledger {
  readonly #store: ExchangeStore
  readonly #identityHeaders: IdentityHeaders
  readonly #redact: (text: string) => string
  readonly #attemptOf = new WeakMap<Conversation, string>()
  /** Of attempts only: what belongs to none is recorded when it ends, and never kept waiting. */
  readonly #open = new Map<string, Set<Conversation>>()

  constructor(options: { most: number; identityHeaders: IdentityHeaders; redact: (text: string) => string }) {
    this.#store = new ExchangeStore(options.most)
    this.#identityHeaders = options.identityHeaders
    this.#redact = options.redact
  }

  /** Begins a conversation in the attempt that the running code belongs to. */
  begin(opening: Opening): Conversation {
    const conversation = new Conversation(opening, this.#identityHeaders)
    const attempt = currentAttempt()
    if (attempt !== undefined) {
      this.#attemptOf.set(conversation, attempt)
      this.#open.set(attempt, (this.#open.get(attempt) ?? new Set()).add(conversation))
    }
    return conversation
  }

  /** Ends a conversation; later endings of the same one count for nothing. */
  end(conversation: Conversation, exchange: Exchange): void {
    const attempt = this.#attemptOf.get(conversation)
    if (attempt !== undefined && !this.#open.get(attempt)?.delete(conversation)) return
    this.note(attempt, exchange)
  }

  /** Adds an exchange that somebody else observed. */
  note(attempt: string | undefined, exchange: Exchange): void {
    const { operation, claims } = exchange
    this.#store.add(attempt, {
      ...exchange,
      operation: this.#redact(operation),
      ...(claims ? { claims: claims.map(this.#redact) } : {}),
    })
  }

  /** Conversations of the running code’s attempt that have no end yet. */
  openHere(): Iterable<Conversation> {
    return this.#open.get(currentAttempt() ?? '') ?? []
  }

  take(attempt: string): Exchange[] {
    for (const conversation of this.#open.get(attempt) ?? []) this.note(attempt, conversation.abandoned())
    this.#open.delete(attempt)
    return this.#store.take(attempt)
  }

  takeUnattributed(): Exchange[] {
    return this.#store.takeUnattributed()
  }
}
