import type { EpochMs } from '#core'

/**
 * How an operation ended, after Jepsen. `ok`: it was answered as it should be. `failed`: it was refused, or never sent;
 * its caller knows. `unknown`: no answer after it was sent, so nobody can say whether it took effect.
 */
export type OperationOutcome = 'ok' | 'failed' | 'unknown'

/** A value under a key: a message in a thread, a line in an order. */
export interface WrittenValue {
  readonly key: string
  readonly value: string
}

/** Everything that was under a key when somebody looked. */
export interface ReadValues {
  readonly key: string
  readonly values: readonly string[]
}

/** One operation of a journey: what it asked for, and what came of it. */
export interface Operation {
  readonly id: number
  readonly name: string
  /** When it was due: a load that falls behind doesn't hide it. */
  readonly startedAt: EpochMs
  readonly endedAt: EpochMs
  readonly outcome: OperationOutcome
  /** Why it isn't plain: a status, an error's code, a word of the journey. */
  readonly detail?: string
  /** The answer was less than it should be, and said so: this is the word it used. */
  readonly degraded?: string
  readonly write?: WrittenValue
  readonly read?: ReadValues
}

/** The parts of an experiment in which operations are told apart, by the moment they were due. */
export type PhaseName = 'baseline' | 'fault' | 'recovery'

/** A part of the experiment's time: `from` belongs to it, `to` doesn't. */
export interface PhaseSpan {
  readonly name: PhaseName
  readonly from: EpochMs
  readonly to: EpochMs
}

/** Everything that the load did, in the order in which it ended. */
export interface History {
  readonly operations: readonly Operation[]
  readonly phases: readonly PhaseSpan[]
  /** Arrivals that were not sent, as too many were under way. */
  readonly shed: number
}

/** Operations that were due in a phase, of these names where names are given. */
export function operationsIn(
  { operations, phases }: History,
  phase: PhaseName,
  names?: string | readonly string[],
): Operation[] {
  const spans = phases.filter((span) => span.name === phase)
  const wanted = names === undefined ? undefined : [names].flat()
  return operations.filter(
    ({ startedAt, name }) =>
      spans.some((span) => startedAt >= span.from && startedAt < span.to) &&
      (wanted === undefined || wanted.includes(name)),
  )
}

/** Whether the caller got something of use: the right answer, or less and told so. */
export function isUseful({ outcome }: Operation): boolean {
  return outcome === 'ok'
}

/** Whether the caller got the whole of what was asked for. */
export function isCorrect({ outcome, degraded }: Operation): boolean {
  return outcome === 'ok' && degraded === undefined
}

/** From when it was due until its end, in ms. */
export function latencyOf({ startedAt, endedAt }: Operation): number {
  return endedAt - startedAt
}
