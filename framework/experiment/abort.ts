import type { EpochMs } from '#core'
import type { Snapshot } from '#health'
import { isUseful, type Operation } from './history.ts'

/** How things stand while an experiment runs. */
export interface ExperimentView {
  readonly at: EpochMs
  /** What has ended so far, in the order of its end. */
  readonly operations: readonly Operation[]
  readonly health: Snapshot
}

/** When an experiment does more harm than it may. */
export interface AbortCondition {
  readonly name: string
  holds(view: ExperimentView): boolean
}

/** Gives up when less than this share of the operations of the last `overMs` was useful. */
export function usefulShareBelow(share: number, { overMs }: { overMs: number }): AbortCondition {
  const fewest = 5
  return {
    name: `useful share below ${share} over ${overMs} ms`,
    holds({ at, operations }) {
      const recent = operations.filter(({ endedAt }) => endedAt > at - overMs)
      return recent.length >= fewest && recent.filter(isUseful).length / recent.length < share
    },
  }
}

/** Gives up when a service outside the blast radius is seen unavailable, from where its users stand. */
export function outsideBlastRadius(radius: readonly string[]): AbortCondition {
  return {
    name: `only ${radius.join(', ')} may become unwell`,
    holds: ({ health }) =>
      health.targets.some(
        ({ target, status, vantage }) =>
          vantage === 'app-side' && status === 'unavailable' && !radius.includes(target),
      ),
  }
}
