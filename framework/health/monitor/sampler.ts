import { now, sleep, waitAtMost } from '#core'
import type { Observation } from '#probe'

/** Takes one look. Rejects when nobody could look: that is a gap, not an observation. */
export type Look = (signal: AbortSignal) => Promise<Observation>

export interface SamplerOptions {
  readonly intervalMs: number
  /** What there is to look at just now. */
  readonly looks: () => readonly Look[]
  readonly emit: (observation: Observation) => void
  readonly signal: AbortSignal
}

/** Two rounds begin at least this far apart, so that many failures at once don't storm a sick environment. */
const roundEveryMs = 1000
/** A round is answered after this long, whatever is still under way. */
const roundLimitMs = 2000

/**
 * Looks at everything once every interval. A look is never under way twice: a slow one misses its beats, which shows as a
 * gap, and holds up no other.
 */
export class Sampler {
  readonly #options: SamplerOptions
  readonly #underWay = new Map<Look, Promise<void>>()
  #roundAt = -Infinity
  #nextRound: Promise<void> | undefined

  constructor(options: SamplerOptions) {
    this.#options = options
  }

  /** Samples until the signal aborts. */
  start(): void {
    const beat = () => {
      for (const look of this.#options.looks()) void this.#take(look)
    }
    const timer = setInterval(beat, this.#options.intervalMs)
    this.#options.signal.addEventListener('abort', () => clearInterval(timer), { once: true })
    beat()
  }

  /**
   * Looks at everything once more, at once or as soon as the last round began a second ago; who asks before it begins
   * shares it. Resolves when the looks have ended, or after two seconds of them.
   */
  round(): Promise<void> {
    this.#nextRound ??= this.#round()
    return this.#nextRound
  }

  async #round(): Promise<void> {
    const { signal, looks } = this.#options
    await sleep(Math.max(0, this.#roundAt + roundEveryMs - now()), signal)
    this.#roundAt = now()
    this.#nextRound = undefined
    const taken = Promise.all(looks().map((look) => this.#take(look)))
    await waitAtMost(roundLimitMs, taken, signal)
  }

  #take(look: Look): Promise<void> {
    const { emit, signal } = this.#options
    const underWay = this.#underWay.get(look)
    if (underWay) return underWay
    const taken = look(signal)
      .then(emit, () => {})
      .finally(() => this.#underWay.delete(look))
    this.#underWay.set(look, taken)
    return taken
  }
}
