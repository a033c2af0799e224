import { randomUUID } from 'node:crypto'
import type { Observation } from '../observation.ts'

/** How far somebody has been told what an agent saw. */
export interface LookMark {
  /** Which agent, from its start to its end: another one has seen other looks. */
  readonly run: string
  /** The last look that was told. */
  readonly number: number
}

/** What an agent saw last, in the order in which looks ended, for whoever was cut off from it. */
export class LookMemory {
  readonly #run = randomUUID()
  readonly #capacity: number
  readonly #numbers = new WeakMap<Observation, number>()
  #kept: Observation[] = []
  #last = 0

  /** `capacity` looks are kept at least, and at most twice as many. */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get mark(): LookMark {
    return { run: this.#run, number: this.#last }
  }

  /** Keeps a look and gives its number: the same to everybody who shared it. */
  add(observation: Observation): number {
    const known = this.#numbers.get(observation)
    if (known !== undefined) return known
    if (this.#kept.length >= 2 * this.#capacity) this.#kept = this.#kept.slice(-this.#capacity)
    this.#kept.push(observation)
    this.#last += 1
    this.#numbers.set(observation, this.#last)
    return this.#last
  }

  /** What was seen since, oldest first, as far as it is kept; nothing for a mark of another agent. */
  after({ run, number }: LookMark): readonly Observation[] {
    const missed = this.#last - number
    return run === this.#run && missed > 0 ? this.#kept.slice(-missed) : []
  }
}
