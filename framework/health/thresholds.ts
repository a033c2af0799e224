/** How many looks, and how old ones, it takes to change a health status. */
export interface HealthThresholds {
  /** So many bad looks in a row make it so. */
  readonly badInARow: number
  /** Or so many among the last {@link HealthThresholds.lastLooks}. */
  readonly badOfLast: number
  readonly lastLooks: number
  /** So many good looks in a row end a recovery. */
  readonly goodInARow: number
  /** Looks that ended longer ago than this, in ms, say nothing any more. */
  readonly staleAfterMs: number
}

/**
 * The usual thresholds for looks every `intervalMs` that take up to `timeoutMs`. Silence is what lasts longer than three
 * intervals after the longest look: while a look is under way there can't be a newer one.
 */
export function thresholdsFor(intervalMs: number, timeoutMs: number): HealthThresholds {
  return {
    badInARow: 2,
    badOfLast: 3,
    lastLooks: 5,
    goodInARow: 3,
    staleAfterMs: 3 * intervalMs + timeoutMs,
  }
}
