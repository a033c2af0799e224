import type { EpochMs, Interval } from '#core'
import type { Observation } from '#probe'
import { endOf, isGoodLook, type Series, within } from './looks.ts'

/** A stretch of time in which repeated looks at one target failed. */
export interface Outage extends Interval {
  /** How many looks failed in it. */
  readonly looks: number
  /** Which share of all looks on these connections that was: less than 1 where trouble comes and goes, or hits some connections only. */
  readonly share: number
  /** `silent`: no answer. `down`: refused, cut or unknown. `unwell`: somebody answered that it can't serve. */
  readonly manner: 'down' | 'silent' | 'unwell'
  /** Which connections failed. */
  readonly connections: readonly Observation['connection'][]
  /** The raw codes that were met. */
  readonly codes: readonly string[]
  /** When the first good look after it began; null while none was seen. */
  readonly recoveredAt: EpochMs | null
}

/** How the looks of a series are spaced. */
export interface Spacing {
  readonly intervalMs: number
  /** A longer pause than this between looks is missing data. */
  readonly gapMs: number
}

/**
 * The outages of a series. An outage begins somewhere between the last good look and the first bad one, at most one
 * interval early; it ends with the first good look, or one interval after the last bad one when nobody looked again.
 */
export function outagesOf(
  series: Series,
  isBad: (look: Observation) => boolean,
  spacing: Spacing,
): readonly Outage[] {
  const runs = (['new', 'kept'] as const).flatMap((connection) =>
    runsOf(
      series.filter((look) => look.connection === connection),
      isBad,
      spacing,
    ),
  )
  const joined = flapping(merge(runs.toSorted((a, b) => a.from - b.from)), spacing)
  return joined.map((run) => describe(run, series))
}

interface Run extends Interval {
  readonly bad: readonly Observation[]
  readonly recoveredAt: EpochMs | null
}

/** Runs no further apart than this many gaps are told as one, when there are enough of them. */
const flapGaps = 4
/** Once is a hiccup, and twice may be: the third time it comes and goes. */
const fewestFlaps = 3

/** Joins what comes and goes, or hits a share of connections only: between two bad looks nobody can say that all was well. */
function flapping(runs: readonly Run[], { gapMs }: Spacing): readonly Run[] {
  const groups: Run[][] = []
  for (const run of runs) {
    const group = groups.at(-1)
    const last = group?.at(-1)
    if (group && last && run.from - last.to <= flapGaps * gapMs) group.push(run)
    else groups.push([run])
  }
  return groups.flatMap((group) => (group.length < fewestFlaps ? group : [join(group)]))
}

function join(group: readonly Run[]): Run {
  const last = group.at(-1)!
  return { ...last, from: group[0]!.from, bad: group.flatMap((run) => run.bad) }
}

function runsOf(
  series: Series,
  isBad: (look: Observation) => boolean,
  { intervalMs, gapMs }: Spacing,
): Run[] {
  const runs: Run[] = []
  let bad: Observation[] = []
  let from = 0
  let lastGood = Number.NEGATIVE_INFINITY
  const close = (next?: Observation) => {
    const last = bad.at(-1)
    if (!last) return
    const seenAgain = next !== undefined && next.at - endOf(last) <= gapMs
    const to = seenAgain ? Math.max(next.at, last.at) : endOf(last) + intervalMs
    runs.push({ from, to, bad, recoveredAt: next && isGoodLook(next) ? next.at : null })
    bad = []
  }
  for (const look of series) {
    const last = bad.at(-1)
    if (!isBad(look)) {
      close(look)
      lastGood = look.at
      continue
    }
    if (last && look.at - endOf(last) > gapMs) close()
    if (bad.length === 0) from = Math.max(lastGood, look.at - intervalMs)
    bad.push(look)
  }
  close()
  return runs
}

/** Joins runs that overlap: new and kept connections that failed together are one outage. */
function merge(runs: readonly Run[]): readonly Run[] {
  const joined: Run[] = []
  for (const run of runs) {
    const last = joined.at(-1)
    if (last && run.from <= last.to)
      joined[joined.length - 1] = {
        from: last.from,
        to: Math.max(last.to, run.to),
        bad: [...last.bad, ...run.bad],
        recoveredAt: latest(last.recoveredAt, run.recoveredAt),
      }
    else joined.push(run)
  }
  return joined
}

function latest(a: EpochMs | null, b: EpochMs | null): EpochMs | null {
  return a === null || b === null ? null : Math.max(a, b)
}

function describe({ from, to, bad, recoveredAt }: Run, series: Series): Outage {
  const connections = [...new Set(bad.map((look) => look.connection))]
  // Of runs that were joined, the last to begin needn't be the last to end.
  const all = within(series, { from: bad[0]!.at, to: bad.reduce((last, { at }) => Math.max(last, at), 0) })
  const asked = all.filter((look) => connections.includes(look.connection)).length
  const count = (of: (look: Observation) => boolean) => bad.filter(of).length
  const silent = count((look) => look.outcome === 'no-answer')
  const unwell = count((look) => look.outcome === 'unwell')
  const down = bad.length - silent - unwell
  const manner = unwell === bad.length ? 'unwell' : silent > down ? 'silent' : 'down'
  return {
    from,
    to,
    looks: bad.length,
    share: bad.length / Math.max(bad.length, asked),
    manner,
    connections,
    codes: [...new Set(bad.flatMap((look) => look.code ?? []))],
    recoveredAt,
  }
}
