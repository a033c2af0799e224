import { createRandom } from '#core'

/**
 * The upper end of Clopper and Pearson's one-sided interval: with `hits` of `trials` seen, the true share lies below it
 * with this confidence. Without any hit it is close to the rule of three. 1 where nothing was tried.
 */
export function upperBound(hits: number, trials: number, confidence = 0.95): number {
  if (hits >= trials) return 1
  let low = hits / trials
  let high = 1
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2
    if (atMost(hits, trials, middle) > 1 - confidence) low = middle
    else high = middle
  }
  return high
}

/** The chance of at most `hits` of `trials` at this share. */
function atMost(hits: number, trials: number, share: number): number {
  let term = trials * Math.log1p(-share)
  let sum = Math.exp(term)
  for (let count = 1; count <= hits; count += 1) {
    term += Math.log((trials - count + 1) / count) + Math.log(share) - Math.log1p(-share)
    sum += Math.exp(term)
  }
  return sum
}

/** 95 % of a figure by drawing whole groups with replacement, `rounds` times: runs of one cell aren't independent. */
export function bootstrap<Item>(
  groups: readonly (readonly Item[])[],
  figure: (items: readonly Item[]) => number | null,
  { seed, rounds = 1000 }: { seed: number; rounds?: number },
): readonly [number, number] | null {
  const random = createRandom(seed)
  const values: number[] = []
  for (let round = 0; round < rounds && groups.length > 0; round += 1) {
    const drawn = groups.flatMap(() => groups[random.integer(0, groups.length - 1)]!)
    const value = figure(drawn)
    if (value !== null) values.push(value)
  }
  values.sort((a, b) => a - b)
  const at = (share: number) => values[Math.min(values.length - 1, Math.floor(values.length * share))]!
  return values.length === 0 ? null : [at(0.025), at(0.975)]
}
