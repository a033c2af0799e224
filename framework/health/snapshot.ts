import type { EpochMs } from '#core'
import type { JournalRecord } from '#journal'
import type { ConnectionKind, Vantage } from '#probe'
import type { LinkName } from '#topology'

/**
 * What repeated looks add up to. `recovering`: good again, not yet for long enough. `unknown`: nobody
 * looked, or the looks are too old; it is never taken for healthy.
 */
export type HealthStatus = 'healthy' | 'degraded' | 'critical' | 'unavailable' | 'recovering' | 'unknown'

/** The health of one target as seen from one vantage. */
export interface TargetHealth {
  readonly target: string
  readonly link?: LinkName
  readonly vantage: Vantage
  readonly status: HealthStatus
  /** Since when it has this status. */
  readonly since: EpochMs
  /** When `critical` because one kind of connection is dead while the other serves: which one. */
  readonly deadOn?: ConnectionKind
  /** Why, in a few words: outcome and code of the look that decided. */
  readonly reason?: string
}

/** The health of everything at one moment. Plain data: it crosses processes and is in the journal. */
export interface Snapshot {
  readonly at: EpochMs
  readonly targets: readonly TargetHealth[]
}

export interface HealthChange extends TargetHealth {
  readonly before: HealthStatus
}

export type HealthRecord = JournalRecord<'health', HealthChange>

const order: readonly HealthStatus[] = [
  'healthy',
  'unknown',
  'recovering',
  'degraded',
  'critical',
  'unavailable',
]

/** The worse of two statuses, for reports that show one per target. */
export function worse(a: HealthStatus, b: HealthStatus): HealthStatus {
  return order.indexOf(a) >= order.indexOf(b) ? a : b
}

/**
 * The status of a service for somebody who is about to use it: of the views that exist, the worst over the path that
 * its users take (app-side for what lies behind the application, the runner's for the entry).
 */
export function statusOf(snapshot: Snapshot, service: string, entry: string): HealthStatus {
  const vantage: Vantage = service === entry ? 'runner' : 'app-side'
  const statuses = snapshot.targets
    .filter((view) => view.target === service && view.vantage === vantage)
    .map((view) => view.status)
  return statuses.length === 0 ? 'unknown' : statuses.reduce(worse)
}
