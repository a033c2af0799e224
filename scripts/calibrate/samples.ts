import type { Examined } from '#verdict'
import type { Label } from '../bench-attribution/label.ts'

/** What one rule, or the whole engine, said of one run, and whether that was right. */
export interface Sample {
  /** `rule/reason`; `verdict` for what was made of all proposals. */
  readonly key: string
  readonly class: string
  /** The weight or the confidence, 0–1. */
  readonly score: number
  /** The share that was right of what was said of the run: failures of one run aren't independent. */
  readonly right: number
}

/** Whether a run's truth is one: where a defect and a fault stand together, each failure has a truth of its own. */
export function isPlain({ truth, faults, problem }: Label): boolean {
  return problem === undefined && !(truth.defect && faults.length > 0)
}

/** One sample for each rule that proposed something that no guard struck out, and one for the verdicts. */
export function samplesOf(examined: readonly Examined[], truth: Label['truth']): Sample[] {
  const said = examined.flatMap(({ standing, verdict }) => [
    ...standing.map(({ rule, reason, class: each, weight }) => ({
      ...{ key: `${rule}/${reason}`, class: each, score: weight, right: isRight(each, truth) },
    })),
    ...(verdict.class === 'inconclusive'
      ? []
      : [
          {
            ...{ key: 'verdict', class: verdict.class, score: verdict.confidence },
            right: isRight(verdict.class, truth),
          },
        ]),
  ])
  const byKey = Map.groupBy(
    said.filter((each) => each.class !== 'inconclusive'),
    ({ key, class: each }) => `${key} ${each}`,
  )
  return [...byKey.values()].map((group) => ({
    key: group[0]!.key,
    class: group[0]!.class,
    score: mean(group.map(({ score }) => score)),
    right: mean(group.map(({ right }) => Number(right))),
  }))
}

function isRight(said: string, truth: Label['truth']): boolean {
  return said === truth.class
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
