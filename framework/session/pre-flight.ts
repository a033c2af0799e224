import { now, waitAtMost } from '#core'
import type { RunningEnvironment } from '#environment'
import type { Snapshot } from '#health'
import type { JournalSink } from '#journal'
import { pathOf } from '#topology'
import type { Guide } from './guide.ts'
import type { AskedReadiness } from './readiness.ts'
import type { Watch } from './watch.ts'

/** How the environment was found before the first test. */
export interface PreFlightResult {
  readonly ready: boolean
  /** Services that were not up when the wait ended. */
  readonly down: readonly string[]
}

export interface PreFlightOptions {
  readonly watch: Watch
  readonly guide: Guide
  readonly readiness: AskedReadiness
  readonly environment: RunningEnvironment
  readonly journal: JournalSink
  readonly signal: AbortSignal
  /** Called once, when something is down and the wait for it begins. */
  readonly onWaiting: (down: readonly string[]) => void
}

/** How long every view has to be known, and the entry to say that it is ready, before tests begin all the same, in ms. */
const firstLooksMs = 5000

/**
 * Waits until the entry and all that it requires have been seen well, within the one wait of their outage. What nobody
 * can see is unknown, and doesn't keep the tests from running.
 */
export async function preFlight(options: PreFlightOptions): Promise<PreFlightResult> {
  const { watch, guide, readiness, environment, journal, signal, onWaiting } = options
  const { topology } = environment
  const from = now()
  const down = () => guide.choose({}).blockedBy
  const isSettled = (snapshot: Snapshot) =>
    (!environment.agent || snapshot.targets.some((view) => view.vantage === 'app-side')) &&
    unsettled(snapshot, pathOf(topology, {}).services, topology.entry).length === 0

  await Promise.all([
    watch.monitor.waitUntil(isSettled, { limitMs: firstLooksMs, signal }),
    waitAtMost(firstLooksMs, readiness.saidReady, signal),
  ])
  const first = down()
  if (first.length > 0) {
    onWaiting(first)
    await guide.waitForRecovery([{}])
  }
  const stillDown = down()
  const found = { ready: stillDown.length === 0, down: stillDown }
  journal.append({
    source: 'session',
    kind: 'pre-flight',
    data: { ...found, waitedMs: now() - from },
    urgent: true,
  })
  return found
}

/** Services whose users' view isn't good yet, of those that somebody looks at. */
function unsettled(snapshot: Snapshot, services: readonly string[], entry: string): string[] {
  return services.filter((service) =>
    snapshot.targets
      .filter(
        (view) => view.target === service && view.vantage === (service === entry ? 'runner' : 'app-side'),
      )
      .some((view) => view.status !== 'healthy' && view.status !== 'degraded'),
  )
}
