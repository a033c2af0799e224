import { createRequire } from 'node:module'

/** Times of many operations, in ms. */
export interface Latencies {
  readonly count: number
  /** The time that this share (0–100) of operations didn't exceed; 0 where there are none. */
  percentile(percent: number): number
}

/** Loads the histogram when there is something to count: every configuration file loads this module. */
const load = createRequire(import.meta.url)

const microsPerMs = 1000
const longestMs = 600_000

/** A histogram over latencies: three significant digits, from a microsecond to ten minutes. */
export function latenciesOf(timesMs: Iterable<number>): Latencies {
  const { build } = load('hdr-histogram-js') as typeof import('hdr-histogram-js')
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: longestMs * microsPerMs,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
  for (const time of timesMs)
    histogram.recordValue(Math.round(Math.min(Math.max(time, 0), longestMs) * microsPerMs))
  return {
    count: histogram.totalCount,
    percentile: (percent) =>
      histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(percent) / microsPerMs,
  }
}
