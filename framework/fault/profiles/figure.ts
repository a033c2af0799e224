/** Where a figure comes from. */
export type Basis = 'measured' | 'documented' | 'assumed'

/** One number of a profile: what is put on, and what it stands for. */
export interface Figure {
  readonly value: number
  /** `ms`, `KB/s` …; empty for a share. */
  readonly unit: string
  readonly basis: Basis
  /** Where it is documented or was measured; for an assumption, what it rests on. */
  readonly source: string
  /** What it is in reality, where a test has no time for that. */
  readonly real?: number
}

/** A time in ms that somebody has written down: as it is, or `scale` times shorter. */
export function documentedMs(realMs: number, source: string, scale = 1): Figure {
  return time('documented', realMs, source, scale)
}

/** A time in ms that nobody has written down. */
export function assumedMs(realMs: number, source: string, scale = 1): Figure {
  return time('assumed', realMs, source, scale)
}

/** A number that somebody has written down. */
export function documented(value: number, unit: string, source: string): Figure {
  return { value, unit, basis: 'documented', source }
}

/** A number that nobody has written down. */
export function assumed(value: number, unit: string, source: string): Figure {
  return { value, unit, basis: 'assumed', source }
}

/** How many times faster than in reality; 1 where it is as it is. */
export function scaleOf({ value, real }: Figure): number {
  return real === undefined ? 1 : real / value
}

function time(basis: Basis, realMs: number, source: string, scale: number): Figure {
  const figure = { value: realMs / scale, unit: 'ms', basis, source }
  return scale === 1 ? figure : { ...figure, real: realMs }
}
