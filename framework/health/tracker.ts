import type { EpochMs } from '#core'
import type { Observation, Vantage } from '#probe'
import type { LinkName } from '#topology'
import { age, type HealthState, neverSeen, observe } from './hysteresis.ts'
import type { HealthChange, Snapshot, TargetHealth } from './snapshot.ts'
import type { HealthThresholds } from './thresholds.ts'

/** One view of one target: health is kept for each apart. */
export interface View {
  readonly target: string
  readonly link?: LinkName
  readonly vantage: Vantage
}

/** Folds observations into the health of every view. Holds state, reads no clock, does no I/O. */
export interface HealthTracker {
  /** From now on these views are in every snapshot, as unknown until somebody looks. */
  expect(views: readonly View[], since: EpochMs): void
  /** Takes one look in; gives the change that it made, if any. */
  observe(look: Observation): HealthChange | undefined
  /** Lets time pass: views that nobody looked at for too long become unknown. Gives the changes. */
  age(at: EpochMs): HealthChange[]
  snapshot(at: EpochMs): Snapshot
}

/** A tracker that knows no views yet; each appears when it is expected, or with its first look. */
export function createHealthTracker(limits: HealthThresholds): HealthTracker {
  const views = new Map<string, { readonly view: View; state: HealthState }>()
  const entryOf = (view: View, since: EpochMs) => {
    const key = `${view.vantage} ${view.link ?? ''} ${view.target}`
    let entry = views.get(key)
    if (!entry) {
      entry = { view: viewOf(view), state: neverSeen(since) }
      views.set(key, entry)
    }
    return entry
  }
  const move = (entry: { readonly view: View; state: HealthState }, next: HealthState) => {
    const before = entry.state
    entry.state = next
    if (next.status === before.status && next.deadOn === before.deadOn) return undefined
    return { ...healthOf(entry.view, next), before: before.status }
  }

  return {
    expect(expected, since) {
      for (const view of expected) entryOf(view, since)
    },
    observe(look) {
      const entry = entryOf(look, look.at)
      return move(entry, observe(entry.state, look, limits))
    },
    age: (at) => [...views.values()].flatMap((entry) => move(entry, age(entry.state, at, limits)) ?? []),
    snapshot: (at) => ({
      at,
      targets: [...views.values()].map(({ view, state }) => healthOf(view, age(state, at, limits))),
    }),
  }
}

function viewOf({ target, link, vantage }: View): View {
  return { target, ...(link === undefined ? {} : { link }), vantage }
}

function healthOf(view: View, { status, since, deadOn, reason }: HealthState): TargetHealth {
  return { ...view, status, since, ...(deadOn ? { deadOn } : {}), ...(reason ? { reason } : {}) }
}
