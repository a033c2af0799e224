/** One answer of an entry that may stand for several instances. */
export interface Look {
  readonly instance: string
  readonly build: string
  readonly status: number
  readonly ms: number
}

/** How far instances may differ, and how many looks say something. */
export interface AgreementLimits {
  /** Fewer looks than this say nothing. */
  readonly atLeast: number
  /** The median of the slowest instance by that of the fastest. */
  readonly mostTimes: number
  /** Medians below this differ by chance alone. */
  readonly floorMs: number
}

/**
 * What instances behind one address disagree about: whether they answer, their build, and how fast they are. Each instance is
 * judged by its own median: a mean over all hides one that is slow, and one slow answer isn't a slow instance.
 */
export function disagreements(
  looks: readonly Look[],
  { atLeast, mostTimes, floorMs }: AgreementLimits,
): string[] {
  if (looks.length < atLeast) return [`${looks.length} answers of at least ${atLeast}`]
  const failed = looks.filter(({ status }) => status !== 200)
  const builds = [...new Set(looks.map(({ build }) => build))].sort()
  const medians = [...Map.groupBy(looks, ({ instance }) => instance)]
    .map(([instance, its]) => ({ instance, ms: Math.max(floorMs, median(its.map(({ ms }) => ms))) }))
    .sort((one, other) => one.ms - other.ms)
  const fastest = medians[0]!
  const slowest = medians.at(-1)!
  return [
    ...failed.map(({ instance, status }) => `${instance} answered ${status}`),
    ...(builds.length > 1 ? [`more than one build answers: ${builds.join(', ')}`] : []),
    ...(slowest.ms > mostTimes * fastest.ms
      ? [`${slowest.instance} takes ${slowest.ms} ms where ${fastest.instance} takes ${fastest.ms} ms`]
      : []),
  ]
}

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}
