import type { HealthStatus, Snapshot } from '#health'
import type { Needs } from '#topology'
import type { Impact } from './attempt.ts'

/** What a test took and how often it passed, over earlier runs on sound infrastructure. */
export interface Baseline {
  readonly durationMs: number
  /** Passed ÷ all attempts, 0–1. */
  readonly successShare: number
}

const slowedBy = 1.2
const harmedBy = 0.05

/** Compares one attempt with its baseline. `successShare` is that of the test's attempts in this run, this one included. */
export function impactOf(measured: {
  needs: Needs
  start: Snapshot
  end: Snapshot
  durationMs: number
  successShare: number
  baseline: Baseline | undefined
}): Impact {
  const startHealth = healthOf(measured.start, measured.needs)
  const endHealth = healthOf(measured.end, measured.needs)
  const { baseline } = measured
  return {
    startHealth,
    endHealth,
    changed: Object.keys(startHealth).some((service) => startHealth[service] !== endHealth[service]),
    slowed: baseline !== undefined && measured.durationMs > baseline.durationMs * slowedBy,
    harmed: baseline !== undefined && baseline.successShare - measured.successShare > harmedBy,
  }
}

/** From well to away: of several links to one service the worst counts. */
const order: readonly HealthStatus[] = [
  'healthy',
  'unknown',
  'recovering',
  'degraded',
  'critical',
  'unavailable',
]

/** The health of each needed service: the worst of the app-side views where there are any, else of the others. */
export function healthOf(snapshot: Snapshot, needs: Needs): Record<string, HealthStatus> {
  return Object.fromEntries(
    Object.keys(needs).map((service) => {
      const views = snapshot.targets.filter((view) => view.target === service)
      const appSide = views.filter(({ vantage }) => vantage === 'app-side')
      const ranks = (appSide.length > 0 ? appSide : views).map(({ status }) => order.indexOf(status))
      return [service, order[Math.max(...ranks)] ?? 'unknown']
    }),
  )
}
