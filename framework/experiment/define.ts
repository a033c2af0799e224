import type { Needs } from '#topology'
import type { AbortCondition } from './abort.ts'
import type { Expectation } from './expectation.ts'
import type { ReadValues } from './history.ts'
import type { JourneyClients } from './journey.ts'
import type { LoadOptions } from './load.ts'
import type { RecoveryBound } from './recovery.ts'

/** What an experiment is made from. `State` is what its journeys share: sessions, threads. */
export interface ExperimentOptions<State> {
  readonly name: string
  /** Services that must be well before it begins; the entry always. */
  readonly needs?: Needs
  /** As `--inject` takes them; their windows count from the moment when the load has proved its steady state. */
  readonly faults: readonly string[]
  /**
   * Faults in place of those where a real Toxiproxy stands on the links, which does nothing to connecting but `link-down`: the
   * nearest thing that it can do.
   */
  readonly onToxiproxy?: readonly string[]
  /**
   * The only services that may become unavailable by it, besides those that its faults act on; any other that does ends the
   * experiment. No limit unless given.
   */
  readonly blastRadius?: readonly string[]
  /** Makes what journeys share, before the load begins. */
  readonly prepare?: (t: JourneyClients, signal: AbortSignal) => Promise<State>
  readonly load: LoadOptions<State>
  /** How long the load runs before it is judged steady, in ms; 2000 unless given. */
  readonly baselineMs?: number
  /** What must be true before anything is disturbed. */
  readonly steadyState: readonly Expectation[]
  /** What is promised while the faults act, or later. */
  readonly expectations: readonly Expectation[]
  readonly recovery: RecoveryBound
  /** Reads back what is kept under these keys, when the system has recovered. */
  readonly readBack?: (
    t: JourneyClients,
    state: State,
    keys: readonly string[],
    signal: AbortSignal,
  ) => Promise<readonly ReadValues[]>
  readonly abortWhen?: readonly AbortCondition[]
}

/** A checked experiment. What its journeys share is its own affair. */
export interface Experiment extends ExperimentOptions<unknown> {
  readonly kind: 'faultline.experiment'
}

/**
 * Declares an experiment: a steady state, a load, faults, what is promised meanwhile, and how soon all is well again.
 * Throws a `TypeError` that names what can't be.
 */
export function defineExperiment<State = undefined>(options: ExperimentOptions<State>): Experiment {
  const { name, load, recovery, steadyState } = options
  const refuse = (why: string): never => {
    throw new TypeError(`experiment "${name}": ${why}`)
  }
  if (name.trim() === '') refuse('it needs a name')
  if (Object.keys(load.journeys).length === 0) refuse('load.journeys is empty')
  if (!(load.ratePerSecond > 0)) refuse('load.ratePerSecond must be more than 0')
  if (!(load.durationMs > 0)) refuse('load.durationMs must be more than 0')
  if (!(recovery.withinMs > 0)) refuse('recovery.withinMs must be more than 0')
  if (steadyState.length === 0) refuse('steadyState is empty: then nothing says that all was well before')
  // `prepare` makes the state that journeys and `readBack` take: nobody else ever has one.
  return { ...(options as unknown as ExperimentOptions<unknown>), kind: 'faultline.experiment' }
}

/** Whether a module's export is an experiment. */
export function isExperiment(value: unknown): value is Experiment {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'faultline.experiment'
  )
}
