import { isCorrect, isUseful, latencyOf, type Operation } from './history.ts'
import { latenciesOf } from './latencies.ts'
import type { ExperimentFrame } from './progress.ts'

const rateOverMs = 1000
const latencyOverMs = 5000

/** How an experiment stands, by the operations that have ended. */
export function frameOf(
  operations: readonly Operation[],
  known: Omit<ExperimentFrame, 'perSecond' | 'counts' | 'p50Ms' | 'p99Ms'>,
): ExperimentFrame {
  const count = (counts: (operation: Operation) => boolean) => operations.filter(counts).length
  const ended = (withinMs: number) => operations.filter(({ endedAt }) => endedAt > known.at - withinMs)
  const latencies = latenciesOf(ended(latencyOverMs).map(latencyOf))
  return {
    ...known,
    perSecond: ended(rateOverMs).length,
    counts: {
      ok: count(isCorrect),
      degraded: count((operation) => isUseful(operation) && !isCorrect(operation)),
      failed: count(({ outcome }) => outcome === 'failed'),
      unknown: count(({ outcome }) => outcome === 'unknown'),
    },
    p50Ms: latencies.percentile(50),
    p99Ms: latencies.percentile(99),
  }
}
