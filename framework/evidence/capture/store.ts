import type { Exchange } from '../exchange.ts'

/** Exchanges by attempt, at most so many each: the oldest good ones go first, failures stay longest. */
export class ExchangeStore {
  readonly #most: number
  readonly #byAttempt = new Map<string, Exchange[]>()
  readonly #unattributed: Exchange[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(attempt: string | undefined, exchange: Exchange): void {
    const list = attempt === undefined ? this.#unattributed : this.#listOf(attempt)
    list.push(exchange)
    if (list.length <= this.#most) return
    const good = list.findIndex((each) => each.outcome === 'ok')
    list.splice(Math.max(good, 0), 1)
  }

  /** The attempt's exchanges in the order in which they began; the store forgets them. */
  take(attempt: string): Exchange[] {
    const list = this.#byAttempt.get(attempt) ?? []
    this.#byAttempt.delete(attempt)
    return inTime(list)
  }

  /** What could be tied to no attempt; the store forgets it. */
  takeUnattributed(): Exchange[] {
    return inTime(this.#unattributed.splice(0))
  }

  #listOf(attempt: string): Exchange[] {
    const list = this.#byAttempt.get(attempt)
    if (list) return list
    const created: Exchange[] = []
    this.#byAttempt.set(attempt, created)
    return created
  }
}

function inTime(list: Exchange[]): Exchange[] {
  return list.sort((a, b) => a.from - b.from)
}
