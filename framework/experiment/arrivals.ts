import type { Random } from '#core'

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
