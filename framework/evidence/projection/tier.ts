import type { Attempt } from '#run'
import type { Exchange } from '../exchange.ts'
import type { Tier } from './records.ts'
import type { RunEvidence } from './run-evidence.ts'

const order: readonly Tier[] = ['T0', 'T1', 'T2', 'T3']

/** The tier with fewer keys. */
export function lowerTier(a: Tier, b: Tier): Tier {
  return order.indexOf(a) < order.indexOf(b) ? a : b
}

/**
 * The same run seen with fewer keys: T2 loses platform events; T1 also every look that isn't the runner's, and all that
 * only somebody inside the private network could know; T0 also what the application says of its dependencies. A
 * tier above the evidence's own changes nothing.
 */
export function atTier(evidence: RunEvidence, tier: Tier): RunEvidence {
  const wanted = lowerTier(tier, evidence.tier)
  const has = (least: Tier) => order.indexOf(wanted) >= order.indexOf(least)
  let seen: RunEvidence = { ...evidence, tier: wanted }
  if (!has('T3')) seen = { ...seen, serviceEvents: [] }
  if (!has('T2')) seen = withoutPrivateServices(seen)
  if (!has('T1')) seen = withoutClaims(seen)
  return seen
}

function withoutPrivateServices(evidence: RunEvidence): RunEvidence {
  const { topology } = evidence.run
  const isPublic = (service: string | undefined) =>
    service === undefined || service === topology.entry || !(service in topology.services)
  return {
    ...evidence,
    observations: evidence.observations.filter((look) => look.vantage === 'runner' && isPublic(look.target)),
    health: evidence.health.filter((change) => change.vantage === 'runner' && isPublic(change.target)),
    attempts: withExchanges(evidence.attempts, (exchanges) =>
      exchanges.filter((exchange) => isPublic(exchange.target)),
    ),
  }
}

function withoutClaims(evidence: RunEvidence): RunEvidence {
  return {
    ...evidence,
    readiness: [],
    attempts: withExchanges(evidence.attempts, (exchanges) =>
      exchanges.map(({ claims: _, ...exchange }) => exchange),
    ),
  }
}

function withExchanges(
  attempts: readonly Attempt[],
  change: (exchanges: readonly Exchange[]) => readonly Exchange[],
): readonly Attempt[] {
  return attempts.map((attempt) => ({ ...attempt, exchanges: change(attempt.exchanges) }))
}
