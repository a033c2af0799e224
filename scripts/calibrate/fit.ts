import { upperBound } from '../bench-attribution/intervals.ts'
import type { Sample } from './samples.ts'

/** How a rule's weight is moved, and what that rests on. */
export interface Fitted {
  readonly key: string
  readonly runs: number
  /** The mean of what it declared, and the share that was right. */
  readonly declared: number
  readonly right: number
  readonly shift: number
}

/** What a rule declares counts as so many runs: few labelled runs move it little. */
const priorRuns = 20
/** Guards decide what may be said; what labelled runs show moves a weight, and doesn't make another rule of it. */
const mostShift = 0.1
/** Weights are told apart to this. */
const step = 0.01

/**
 * Moves each rule's weight from what it declares towards the share that was right: down by its mean, up no further than what may be
 * said of the share with 95 % certainty, since five of five are no proof of more than a half, and not past the next of `weights`:
 * a rule that overtook another would take verdicts from it that no labelled run was of. A rule for infrastructure is never made
 * stronger: an excuse that was right so far is no reason to excuse more.
 */
export function fitWeights(samples: readonly Sample[], weights: readonly number[] = []): Fitted[] {
  const byKey = Map.groupBy(
    samples.filter(({ key }) => key !== 'verdict'),
    ({ key }) => key,
  )
  return [...byKey]
    .map(([key, group]) => {
      const sum = (of: (sample: Sample) => number) => group.reduce((total, sample) => total + of(sample), 0)
      const declared = sum(({ score }) => score) / group.length
      const right = sum((sample) => sample.right) / group.length
      const posterior = (right * group.length + declared * priorRuns) / (group.length + priorRuns)
      const certain = 1 - upperBound(Math.ceil(group.length - group.length * right), group.length)
      const isExcuse = group.some((sample) => sample.class === 'infrastructure')
      const next = Math.min(...weights.filter((weight) => weight > declared + step / 2))
      const room = Math.min(certain - declared, next - step - declared)
      const ceiling = isExcuse ? 0 : Math.min(mostShift, Math.max(0, room))
      const shift = Math.min(ceiling, Math.max(-mostShift, posterior - declared))
      return { key, runs: group.length, declared, right, shift: Math.round(shift * 100) / 100 || 0 }
    })
    .toSorted((a, b) => a.key.localeCompare(b.key))
}

/** Verdicts of about one confidence, and how many of them were right. */
export interface Bin {
  readonly from: number
  readonly to: number
  readonly runs: number
  readonly confidence: number
  readonly right: number
}

/** Verdicts by tenths of their confidence; tenths that nothing fell into are left out. */
export function reliability(samples: readonly Sample[], bins = 10): Bin[] {
  const verdicts = samples.filter(({ key }) => key === 'verdict')
  return Array.from({ length: bins }, (_, index) => {
    const inside = verdicts.filter(({ score }) => Math.min(bins - 1, Math.floor(score * bins)) === index)
    const mean = (of: (sample: Sample) => number) =>
      inside.reduce((sum, each) => sum + of(each), 0) / inside.length
    return {
      ...{ from: index / bins, to: (index + 1) / bins, runs: inside.length },
      confidence: mean(({ score }) => score),
      right: mean((sample) => sample.right),
    }
  }).filter(({ runs }) => runs > 0)
}

/** The mean distance between confidence and the share that was right, weighed by runs; 0 is perfect. */
export function calibrationError(bins: readonly Bin[]): number {
  const runs = bins.reduce((sum, bin) => sum + bin.runs, 0)
  return bins.reduce((sum, bin) => sum + (bin.runs / runs) * Math.abs(bin.confidence - bin.right), 0)
}
