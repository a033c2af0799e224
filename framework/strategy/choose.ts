import type { HealthStatus, Snapshot, TargetHealth } from '#health'
import { type Needs, type Path, pathOf, type Topology } from '#topology'
import type { Strategy, StrategyChoice, StrategyPolicy } from './strategy.ts'

/**
 * How a test with these needs proceeds on infrastructure in this state. What a needed service requires itself is needed too.
 *
 * Unknown never blocks: the test itself will tell. That a service is ours makes no difference here; whose fault an outage
 * is, is for the verdict to say.
 */
export function chooseStrategy(
  snapshot: Snapshot,
  test: { readonly topology: Topology; readonly needs: Needs; readonly policy: StrategyPolicy },
): StrategyChoice {
  const { topology, needs, policy } = test
  const path = pathOf(topology, needs, Object.keys(needs))
  const views = new Map(path.services.map((name) => [name, viewOfUsers(snapshot, topology, path, name)]))
  const required = pathOf(topology, needs).services
  const optional = Object.keys(needs).filter((service) => !required.includes(service))

  const blockedBy = required.filter((service) => isDown(views.get(service)))
  const degraded = optional.filter((service) =>
    pathOf(topology, {}, [service]).services.some(
      (name) => !required.includes(name) && isDown(views.get(name)),
    ),
  )
  const timeoutFactor = policy.timeoutMultiplier ** stretches(required.map((name) => views.get(name)))
  const strategy = strategyFor(blockedBy, degraded, timeoutFactor, policy)
  return { strategy, timeoutFactor, blockedBy, because: [...views].flatMap(unwellness), degraded }
}

function strategyFor(
  blockedBy: readonly string[],
  degraded: readonly string[],
  timeoutFactor: number,
  policy: StrategyPolicy,
): Strategy {
  if (blockedBy.length > 0) return policy.onRequiredDown
  if (degraded.length > 0) return 'fallback'
  return timeoutFactor > 1 ? 'conservative' : 'normal'
}

/** Whether nobody can begin to use it: dead for every connection, or for new ones. */
export function isDown(view: TargetHealth | undefined): boolean {
  return view?.status === 'unavailable' || (view?.status === 'critical' && view.deadOn === 'new')
}

const concern: Readonly<Record<HealthStatus, number>> = {
  healthy: 0,
  unknown: 1,
  recovering: 2,
  degraded: 3,
  critical: 4,
  unavailable: 5,
}

/**
 * A service as those who use it on this path see it: the entry from the runner, the rest from beside the application. Of
 * several links, the worst counts.
 */
function viewOfUsers(
  snapshot: Snapshot,
  topology: Topology,
  path: Path,
  service: string,
): TargetHealth | undefined {
  const vantage = service === topology.entry ? 'runner' : 'app-side'
  return snapshot.targets
    .filter((view) => view.target === service && view.vantage === vantage)
    .filter((view) => view.link === undefined || path.links.includes(view.link))
    .toSorted((a, b) => Number(isDown(b)) - Number(isDown(a)) || concern[b.status] - concern[a.status])[0]
}

/** How many times timeouts are stretched: once while a required service recovers, twice while one is degraded or worse. */
function stretches(required: readonly (TargetHealth | undefined)[]): 0 | 1 | 2 {
  const worst = Math.max(0, ...required.map((view) => concern[view?.status ?? 'unknown']))
  if (worst >= concern.degraded) return 2
  return worst === concern.recovering ? 1 : 0
}

function unwellness([service, view]: [string, TargetHealth | undefined]): string[] {
  const status = view?.status ?? 'unknown'
  return status === 'healthy' ? [] : [`${service} ${status}`]
}
