import type { EpochMs, Interval } from '#core'

/** One moment at which an instance of the entry gave its name. */
export interface Sighting {
  readonly at: EpochMs
  readonly instance: string
  /** When it began, as it says itself. */
  readonly startedAt?: EpochMs
}

/** Beside others that live on, an instance that went and one that came this soon after are a replacement, in ms. */
const replacedWithinMs = 30_000
/** Clocks are set right by less than this; a process that began anew is younger by more, in ms. */
const clockStepMs = 1_000

/**
 * Between which moments the entry, or one instance of it, began anew: a new instance after one that is never seen again, or the
 * same one that says that it began later. Instances that take turns, one that joins them and one that leaves them are a
 * platform that scales, and no restart.
 */
export function restartsIn(sightings: readonly Sighting[]): Interval[] {
  const spans = spansOf(sightings)
  const replaced = new Set<string>()
  const latest = new Map<string, Sighting>()
  const restarts: Interval[] = []
  for (const [index, next] of sightings.entries()) {
    const before = sightings[index - 1]
    const known = latest.get(next.instance)
    latest.set(next.instance, next)
    if (known) {
      const younger = (next.startedAt ?? 0) - (known.startedAt ?? Number.POSITIVE_INFINITY)
      if (younger > clockStepMs) restarts.push({ from: known.at, to: next.at })
    } else if (before) {
      const gone = spans.findLast(({ instance, to }) => to <= before.at && !replaced.has(instance))
      const alone = spans.every(({ from, to }) => from > before.at || to <= before.at)
      if (!gone || (!alone && next.at - gone.to > replacedWithinMs)) continue
      replaced.add(gone.instance)
      restarts.push({ from: gone.to, to: next.at })
    }
  }
  return restarts
}

/** From when until when each instance was seen, in the order in which they were seen last. */
function spansOf(sightings: readonly Sighting[]): (Interval & { readonly instance: string })[] {
  const spans = new Map<string, Interval & { readonly instance: string }>()
  for (const { at, instance } of sightings)
    spans.set(instance, { instance, from: spans.get(instance)?.from ?? at, to: at })
  return [...spans.values()].toSorted((a, b) => a.to - b.to)
}
