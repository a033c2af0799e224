import type { EpochMs } from '#core'

/** What an experiment is at. */
export type Step =
  | 'prepare'
  | 'baseline'
  | 'steady state'
  | 'inject'
  | 'observe'
  | 'roll back'
  | 'recovery'
  | 'read back'
  | 'report'

/** How an experiment stands at one moment: for whoever watches. */
export interface ExperimentFrame {
  readonly name: string
  readonly step: Step
  /** When the step ends at the latest, where that is known. */
  readonly endsAt?: EpochMs
  readonly at: EpochMs
  /** As they were written. */
  readonly faults: readonly string[]
  readonly underWay: number
  /** Operations that ended in the last second. */
  readonly perSecond: number
  readonly counts: {
    readonly ok: number
    readonly degraded: number
    readonly failed: number
    readonly unknown: number
  }
  /** Over the last five seconds, in ms. */
  readonly p50Ms: number
  readonly p99Ms: number
}

export type ExperimentProgress =
  | { readonly kind: 'step'; readonly frame: ExperimentFrame }
  | { readonly kind: 'tick'; readonly frame: ExperimentFrame }
