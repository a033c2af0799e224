import type { Phases } from './observation.ts'

type Phase = Exclude<keyof Phases, 'totalMs'>

/** Measures the phases of one look, one after the other. */
export class Stopwatch {
  readonly #startedAt = performance.now()
  #lapAt = this.#startedAt
  #totalMs: number | undefined
  readonly #phases: Partial<Record<Phase, number>> = {}
  /** How many bytes a large look carries each way. */
  bytes: number | undefined

  /** Begins a phase anew: what passed since the last one belongs to none. */
  restart(): void {
    this.#lapAt = performance.now()
    this.bytes = undefined
  }

  /** Ends the phase that began at the last lap or restart. */
  lap(phase: Phase): void {
    const at = performance.now()
    this.#phases[phase] = round(at - this.#lapAt)
    this.#lapAt = at
  }

  /** Fixes the total; later calls change nothing. */
  stop(): void {
    this.#totalMs ??= round(performance.now() - this.#startedAt)
  }

  /** The phases so far; the total as fixed, or up to now. */
  get phases(): Phases {
    return { ...this.#phases, totalMs: this.#totalMs ?? round(performance.now() - this.#startedAt) }
  }
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
