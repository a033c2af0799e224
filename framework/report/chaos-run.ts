import type { EpochMs, Interval } from '#core'
import type { CheckedExpectation, ExperimentOutcome, ExperimentResult, Operation, Step } from '#experiment'
import type { HealthChange } from '#health'
import type { JournalRecord } from '#journal'
import type { Observation } from '#probe'
import { type FaultSpan, faultSpansOf } from './html/fault-spans.ts'

/** A chaos run as its journal tells it. Plain data. */
export interface ChaosRun {
  readonly environment: string
  readonly span: Interval
  /** The run's end is in the journal: it was not cut short. */
  readonly ended: boolean
  /** How often each path was looked at, in ms. */
  readonly intervalMs: number
  readonly experiments: readonly ChaosExperiment[]
  readonly faults: readonly FaultSpan[]
  readonly observations: readonly Observation[]
  readonly health: readonly (HealthChange & { readonly at: EpochMs })[]
}

/** One experiment, with everything that its load did. */
export interface ChaosExperiment {
  readonly name: string
  readonly seed: number
  /** As they were written. */
  readonly faults: readonly string[]
  readonly span: Interval
  readonly steps: readonly { readonly step: Step; readonly at: EpochMs }[]
  readonly operations: readonly Operation[]
  /** Absent where the journal breaks off before the experiment's end. */
  readonly result?: ExperimentResult
}

/** The chaos run that these records tell of; undefined where they tell of none. */
export function chaosRunOf(records: readonly JournalRecord[]): ChaosRun | undefined {
  const first = records[0]
  const starts = records.flatMap((record, index) => (record.kind === 'experiment-started' ? [index] : []))
  if (first === undefined || starts.length === 0) return undefined
  const dataOf = <Data>(kind: string) =>
    records.flatMap((record) => (record.kind === kind ? [record.data as Data] : []))
  const [environment] = dataOf<{ name: string; intervalMs?: number }>('environment')
  return {
    environment: environment?.name ?? 'unknown',
    span: { from: first.at, to: records.reduce((latest, { at }) => Math.max(latest, at), first.at) },
    ended: records.some(({ kind }) => kind === 'run-ended'),
    intervalMs: environment?.intervalMs ?? 1000,
    experiments: starts.map((start, index) => experimentOf(records.slice(start, starts[index + 1]))),
    faults: faultSpansOf(records),
    observations: dataOf<Observation>('observation').toSorted((a, b) => a.at - b.at),
    health: records.flatMap(({ at, kind, data }) =>
      kind === 'health' ? [{ ...(data as HealthChange), at }] : [],
    ),
  }
}

function experimentOf(records: readonly JournalRecord[]): ChaosExperiment {
  const own = records.filter(({ source }) => source === 'experiment')
  const { name, seed, faults } = own[0]!.data as Pick<ChaosExperiment, 'name' | 'seed' | 'faults'>
  const dataOf = <Data>(kind: string) =>
    own.flatMap((record) => (record.kind === kind ? [record.data as Data] : []))
  const [result] = dataOf<ExperimentResult>('experiment-ended')
  return {
    ...{ name, seed, faults },
    span: { from: own[0]!.at, to: own.at(-1)!.at },
    steps: own.flatMap(({ at, kind, data }) =>
      kind === 'experiment-step' ? [{ step: (data as { step: Step }).step, at }] : [],
    ),
    operations: dataOf<Operation>('operation-ended'),
    ...(result && { result }),
  }
}

/** What a run of experiments adds up to: the gravest of them. An experiment without a result was aborted. */
export function chaosOutcome(outcomes: readonly (ExperimentOutcome | undefined)[]): ExperimentOutcome {
  const order = ['aborted', 'broken', 'inconclusive'] as const
  return order.find((each) => outcomes.some((outcome) => (outcome ?? 'aborted') === each)) ?? 'held'
}

/** The results of the experiments that came to one. */
export function resultsOf({ experiments }: ChaosRun): ExperimentResult[] {
  return experiments.flatMap(({ result }) => result ?? [])
}

/** Every promise of an experiment. */
export function promisesOf({ result }: ChaosExperiment): readonly CheckedExpectation[] {
  return result?.expectations ?? []
}
