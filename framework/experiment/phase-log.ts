import { type EpochMs, now } from '#core'
import type { PhaseName, PhaseSpan } from './history.ts'

/** When each phase began; the last one is open. */
export class PhaseLog {
  #spans: readonly PhaseSpan[] = []

  get spans(): readonly PhaseSpan[] {
    return this.#spans
  }

  /** Ends the phase before and begins this one, now. */
  begin(name: PhaseName): EpochMs {
    const at = now()
    const before = this.#spans.map((span) =>
      span.to === Number.POSITIVE_INFINITY ? { ...span, to: at } : span,
    )
    this.#spans = [...before, { name, from: at, to: Number.POSITIVE_INFINITY }]
    return at
  }
}
