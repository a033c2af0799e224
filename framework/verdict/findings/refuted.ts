import type { Interval } from '#core'
import type { Exchange } from '#evidence'
import type { Attempt } from '#run'
import type { Outage } from '../outages.ts'
import type { View } from '../view.ts'

/**
 * Whether the application was seen to use a service while the agent saw it away: then only the agent's own way to it is hurt, and
 * the outage is nobody's excuse. Shown by a test that requires the service, that ran and passed within the outage, and had a
 * change accepted by an operation that succeeded in no test that failed meanwhile: a read may come from a cache, and what succeeds
 * in tests that fail may do without the service.
 */
export function isRefuted(view: View, service: string, outage: Outage): boolean {
  const before = known.get(outage)
  if (before !== undefined) return before
  const refuted = readRefuted(view, service, outage)
  known.set(outage, refuted)
  return refuted
}

/** An outage belongs to one view and to one link: every trouble near it asks the same of it. */
const known = new WeakMap<Outage, boolean>()

function readRefuted(view: View, service: string, outage: Outage): boolean {
  const solid = { from: outage.from + view.gapMs, to: outage.to - view.intervalMs }
  const inside = view.evidence.attempts.filter((attempt) => isWithin(attempt, solid))
  const requiring = new Set(
    view.evidence.tests.filter(({ needs }) => needs[service] === 'required').map(({ id }) => id),
  )
  const others = new Set(
    inside
      .filter(({ outcome }) => outcome === 'failed')
      .flatMap((attempt) => accepted(view, attempt).map(({ operation }) => operation)),
  )
  return inside.some(
    (attempt) =>
      attempt.outcome === 'passed' &&
      requiring.has(attempt.testId) &&
      accepted(view, attempt).some(({ operation }) => !others.has(operation)),
  )
}

/** Changes that the entry accepted. */
function accepted(view: View, attempt: Attempt): Exchange[] {
  return attempt.exchanges.filter(
    ({ target, outcome, code, operation, claims }) =>
      target === view.entry &&
      outcome === 'ok' &&
      /^2\d\d$/.test(code ?? '') &&
      !claims?.length &&
      /^(?:POST|PUT|PATCH|DELETE) /.test(operation),
  )
}

function isWithin({ startedAt, durationMs }: Attempt, { from, to }: Interval): boolean {
  return startedAt >= from && startedAt + durationMs <= to
}
