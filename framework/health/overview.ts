import type { Vantage } from '#probe'
import { type HealthChange, type HealthStatus, worse } from './snapshot.ts'

/** How one target fared over a run, as seen from one vantage. */
export interface HealthOverview {
  readonly target: string
  readonly vantage: Vantage
  /** At the end, the worst of all links that it was looked at by. */
  readonly status: HealthStatus
  /** The worst of the run. That nobody knew at first is no illness. */
  readonly worst: HealthStatus
}

/** The overview of a run, from its changes of health in order. */
export function overviewOf(changes: readonly HealthChange[]): HealthOverview[] {
  const views = Map.groupBy(changes, (change) => `${change.target} ${change.vantage}`)
  return [...views.values()].map((ofView) => {
    const { target, vantage } = ofView[0]!
    const last = new Map(ofView.map((change) => [change.link, change.status]))
    const seen = ofView.filter((change) => change.status !== 'unknown' || change.before !== 'unknown')
    return {
      target,
      vantage,
      status: [...last.values()].reduce(worse),
      worst: seen.map((change) => change.status).reduce(worse, 'healthy'),
    }
  })
}
