import type { Operation } from '#experiment'
import type { ChaosExperiment } from '../../chaos-run.ts'
import type { PageChart } from '../page-data.ts'

const wantedBins = 120
const leastBinMs = 500

/** Rate and latency of an experiment over time, by the moment at which each operation ended. */
export function chartOf({ name, span, operations }: ChaosExperiment, began: number): PageChart {
  const lengthMs = Math.max(1, span.to - span.from)
  const binMs = Math.max(leastBinMs, Math.ceil(lengthMs / wantedBins / 50) * 50)
  const count = Math.ceil(lengthMs / binMs)
  const bins: Operation[][] = Array.from({ length: count }, () => [])
  for (const operation of operations) {
    const index = Math.floor((operation.endedAt - span.from) / binMs)
    bins[Math.min(count - 1, Math.max(0, index))]!.push(operation)
  }
  const perSecond = (isCounted: (operation: Operation) => boolean) =>
    bins.map((bin) => rounded((bin.filter(isCounted).length * 1000) / binMs))
  return {
    name,
    times: bins.map((_, index) => Math.round(span.from - began + (index + 0.5) * binMs)),
    rates: {
      ok: perSecond(({ outcome, degraded }) => outcome === 'ok' && degraded === undefined),
      degraded: perSecond(({ outcome, degraded }) => outcome === 'ok' && degraded !== undefined),
      failed: perSecond(({ outcome }) => outcome === 'failed'),
      unknown: perSecond(({ outcome }) => outcome === 'unknown'),
    },
    p50: bins.map((bin) => percentile(bin, 0.5)),
    p99: bins.map((bin) => percentile(bin, 0.99)),
  }
}

/** Of latencies in ms, from when an operation was due until its end; null where none ended. */
export function percentile(operations: readonly Operation[], share: number): number | null {
  const sorted = operations.map(({ startedAt, endedAt }) => endedAt - startedAt).toSorted((a, b) => a - b)
  const at = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
  return at === undefined ? null : rounded(at)
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
