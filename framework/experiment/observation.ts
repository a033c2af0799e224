import { messageOf } from '#core'
import type { FaultSpec } from '#fault'
import { type ExperimentView, outsideBlastRadius } from './abort.ts'
import type { Experiment } from './define.ts'
import type { History } from './history.ts'
import type { LoadOptions } from './load.ts'

/** For how long faults are observed, in ms: where all end by themselves, not beyond their end. What comes later is recovery. */
export function observedMs(
  { durationMs }: Pick<LoadOptions<unknown>, 'durationMs'>,
  faults: readonly FaultSpec[],
): number {
  const ends = faults.map(({ window }) => (window.kind === 'span' ? window.toMs : null))
  return ends.length === 0 || ends.includes(null)
    ? durationMs
    : Math.min(durationMs, Math.max(...ends.filter((end) => end !== null)))
}

/** More arrivals than this share that could not be sent, and the load wasn't the one that was declared. */
const mostShed = 0.01

/** Why a load says nothing of the system; `undefined` when it was the one that was declared. */
export function loadProblem(
  [mistake]: readonly string[],
  { shed, operations }: Pick<History, 'shed' | 'operations'>,
): string | undefined {
  if (mistake !== undefined) return `a journey failed outside of its operations: ${mistake}`
  return shed > mostShed * (shed + operations.length)
    ? `${shed} arrivals were not sent, as too many were under way`
    : undefined
}

/** Why an experiment has to give up, as things stand: a condition that is met, or one that can't be told. */
export function reasonToGiveUp(
  { abortWhen = [], blastRadius }: Pick<Experiment, 'abortWhen' | 'blastRadius'>,
  faults: readonly FaultSpec[],
  view: ExperimentView,
): string | undefined {
  // What a fault acts on may become unwell by it: a service, or the far end of a link.
  const hurt = faults.map(({ target }) => target.name.split('/').at(-1)!)
  const conditions = blastRadius ? [...abortWhen, outsideBlastRadius([...blastRadius, ...hurt])] : abortWhen
  try {
    return conditions.find((condition) => condition.holds(view))?.name
  } catch (error) {
    return `a condition to give up can't be told: ${messageOf(error)}`
  }
}
