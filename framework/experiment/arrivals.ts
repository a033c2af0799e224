import type { Random } from '#core'

/** How the arrivals of a load are spaced: as independent users come, or at one pace, as a clock's do. */
export type Spacing = 'independent' | 'even'

/** The moments at which an even load arrives, in ms from its beginning: the first after half of a pause. */
export function* evenArrivals(ratePerSecond: number): Generator<number, never> {
  const pauseMs = 1000 / ratePerSecond
  for (let at = pauseMs / 2; ; at += pauseMs) yield at
}

/**
 * The moments at which an open load arrives, in ms from its beginning: a Poisson process, as independent users make. The
 * same randomness gives the same moments.
 */
export function* arrivals(ratePerSecond: number, random: Random): Generator<number, never> {
  for (let at = 0; ; ) {
    at += (-Math.log(1 - random.next()) * 1000) / ratePerSecond
    yield at
  }
}
