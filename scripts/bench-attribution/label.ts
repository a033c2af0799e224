import type { Tier } from '#evidence'

/*
 * A labelled run is two files in the bench's folder (`.faultline/bench/attribution` unless told otherwise):
 *   journals/<id>.ndjson  the run's journal as the gate wrote it
 *   labels/<id>.json      what is true of the run: a `Label`
 * `<id>` says nothing of the cell. Judging reads the journal alone.
 */

/** What is really at fault, known before the run. `none`: nothing that a test of the cell could meet. */
export type TrueClass = 'application' | 'infrastructure' | 'test' | 'none'

export interface Truth {
  readonly class: TrueClass
  /** Whose infrastructure; null unless the class is `infrastructure`. */
  readonly scope: 'environment' | 'runner' | null
  /** Any of these is the right subject of an infrastructure verdict. */
  readonly subjects: readonly string[]
  /** A defect of the application or of a test stands: passing and holding would both be false. */
  readonly defect: boolean
}

/** `calibration` for fitting, `test` for the figures that are published. */
export type Split = 'calibration' | 'test'

/** Whether the evidence of a tier is enough to tell, declared with the cell. */
export type Decidable = Readonly<Record<Tier, boolean>>

/** Whether something failed, where something ought to: a fault or a defect that nothing met proves nothing. */
export type Bite = 'expected' | 'possible' | 'none'

export interface Label {
  readonly schema: 'faultline.label/1'
  readonly id: string
  /** The cell's name. */
  readonly cell: string
  readonly family: string
  /** What makes the defect distinct, as `wrong-answer` or `mutant 317`; null where none stands. */
  readonly defect: string | null
  readonly repetition: number
  readonly seed: number
  readonly split: Split
  readonly truth: Truth
  readonly decidable: Decidable
  readonly bite: Bite
  /** What was put on the run, as `--inject` takes it. */
  readonly faults: readonly string[]
  /** The gate's own exit code, and how long it took in ms. */
  readonly exitCode: number | null
  readonly durationMs: number
  /** How many processes wanted each core when the run began: above 1 the machine was busy with other work too. */
  readonly load: number
  /** Why there is no journal to judge: the run was ended at its deadline, or the gate failed by itself. */
  readonly problem?: string
}
