/** How far another clock is ahead of this one, and by how much that may be wrong, in ms. */
export interface ClockOffset {
  readonly offsetMs: number
  readonly errorMs: number
}

const roundsKept = 16

/**
 * Compares two clocks by rounds of question and answer. The answer was given somewhere between the two moments, so
 * half the round trip bounds the error, and the fastest of the last rounds bounds it best. Old rounds are
 * forgotten, since clocks drift.
 */
export class ClockComparison {
  readonly #rounds: ClockOffset[] = []

  add(round: { readonly askedAt: number; readonly answeredAt: number; readonly theirs: number }): void {
    const middle = (round.askedAt + round.answeredAt) / 2
    this.#rounds.push({ offsetMs: round.theirs - middle, errorMs: (round.answeredAt - round.askedAt) / 2 })
    if (this.#rounds.length > roundsKept) this.#rounds.shift()
  }

  get best(): ClockOffset {
    const unknown: ClockOffset = { offsetMs: 0, errorMs: Number.POSITIVE_INFINITY }
    return this.#rounds.reduce((best, round) => (round.errorMs < best.errorMs ? round : best), unknown)
  }
}
