import type { Signal, SignalPhase, SignalRole } from '../signal.ts'

/** The signals with role and phase, where they don't say themselves. */
export function placeSignals(
  signals: readonly Signal[],
  place: { readonly phase?: SignalPhase; readonly role?: SignalRole },
): Signal[] {
  return signals.map((signal) => ({ ...place, ...signal }))
}

/**
 * What went wrong first: the earliest signal that isn't a consequence, by time where both have one and else by
 * order. Undefined when there is none.
 */
export function firstCause(signals: readonly Signal[]): Signal | undefined {
  let first: Signal | undefined
  for (const signal of signals) {
    if (signal.consequence) continue
    if (!first) first = signal
    else if (signal.at !== undefined && first.at !== undefined && signal.at < first.at) first = signal
  }
  return first
}
