import { median, spread } from './statistics.ts'

/** What both servers gave, round by round; `theirs` is empty without a real one. */
export interface Comparison<T> {
  readonly ours: readonly T[]
  readonly theirs: readonly T[]
}

/** Ours as a multiple of theirs: the median of the rounds' ratios and their middle half. Null without theirs. */
export interface Ratio {
  readonly ratio: number | null
  readonly spread: readonly [number, number] | null
  /** Our own median, in the unit of the measure. */
  readonly ours: number
}

/** All figures of one run. */
export interface Figures {
  readonly rounds: number
  readonly cores: number
  readonly throughput: Ratio
  readonly rtt: {
    readonly p50Ratio: number | null
    readonly p99Ratio: number | null
    readonly addedP50Ms: number
  }
  readonly latencyToxic: {
    readonly p50ErrorRatio: number | null
    readonly p99ErrorRatio: number | null
    readonly p50ErrorMs: number
  }
  /** Errors are shares of the rate; `toxiproxyError` is null without a real one. */
  readonly bandwidth: readonly {
    readonly rate: number
    readonly error: number
    readonly toxiproxyError: number | null
  }[]
  readonly throughputUnderLatency: Ratio
  readonly connections: { readonly lost: number; readonly bytesPerConnection: number }
  readonly controlP99Ms: number
}

export function compare({ ours, theirs }: Comparison<number>): Ratio {
  if (theirs.length === 0) return { ratio: null, spread: null, ours: median(ours) }
  const ratios = ours.map((value, round) => value / theirs[round]!)
  return { ratio: median(ratios), spread: spread(ratios), ours: median(ours) }
}

/** The page of the last run. */
export function markdown(figures: Figures): string {
  const { throughput, rtt, latencyToxic, bandwidth, throughputUnderLatency, connections, controlP99Ms } =
    figures
  const rows = [
    [
      'one-way throughput, 64 KiB writes',
      `${round(throughput.ours)} MB/s`,
      times(throughput.ratio),
      '≥ 1.0 ×',
    ],
    ['added round trip, 100 bytes, p50', `${round(rtt.addedP50Ms)} ms`, times(rtt.p50Ratio), '≤ 1.1 ×'],
    ['added round trip, 100 bytes, p99', '', times(rtt.p99Ratio), '≤ 1.5 ×'],
    [
      'latency of 50 ms: error, p50',
      `${round(latencyToxic.p50ErrorMs)} ms`,
      times(latencyToxic.p50ErrorRatio),
      '≤ 1.1 ×',
    ],
    ['latency of 50 ms: error, p99', '', times(latencyToxic.p99ErrorRatio), '≤ 1.1 ×'],
    [
      'throughput under 100 ms latency',
      `${round(throughputUnderLatency.ours)} MB/s`,
      times(throughputUnderLatency.ratio),
      '≥ 1.0 ×',
    ],
    ...bandwidth.map(({ rate, error, toxiproxyError }) => [
      `bandwidth of ${rate} KB/s: error`,
      `${round(error * 100)} %`,
      toxiproxyError === null ? '–' : `theirs: ${round(toxiproxyError * 100)} %`,
      '≤ 2 %',
    ]),
    ['of 2000 connections, lost', `${connections.lost}`, '', '0'],
    ['memory of a connection', `${round(connections.bytesPerConnection / 1024)} KiB`, '', ''],
    ['control API under load, p99', `${round(controlP99Ms)} ms`, '', '≤ 50 ms'],
  ]
  return `## The fault proxy

Written by \`npm run bench:proxy\`: ${figures.rounds} paired rounds on ${figures.cores} cores, medians. A multiple compares
with the real Toxiproxy in the same run; – means that there was none.

| figure | ours | × Toxiproxy | bar |
|---|---|---|---|
${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`
}

function times(ratio: number | null): string {
  return ratio === null ? '–' : `${round(ratio)}`
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)))
}
