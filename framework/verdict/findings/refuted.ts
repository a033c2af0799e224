import { overlaps } from '#core'
import type { Exchange } from '#evidence'
import type { Link } from '#topology'
import { isFailed } from '../fact.ts'
import type { Outage } from '../outages.ts'
import type { View } from '../view.ts'
import { saidUnreadyBefore, saysReady } from './readiness.ts'
import { isUsedMeanwhile } from './sessions.ts'

/**
 * Whether the application was seen to go on while the agent saw a service away: then it may be only the agent's own way that is
 * hurt, and the outage is nobody's excuse; or the application couldn't serve before it began. Shown by the service itself, where it
 * counts its sessions; by the application's readiness, where that covers the service; or, of an outage for all connections, by a test that requires the service and passed: it had a change accepted within the outage, by an operation that succeeds in no test that fails meanwhile, since that one may do without
 * the service; or it was answered at all, and not one answer failed. A read may come from a cache, so that alone it shows
 * nothing where others fail.
 */
export function isRefuted(view: View, link: Link, outage: Outage): boolean {
  const before = known.get(outage)
  if (before !== undefined) return before
  const refuted =
    isUsedMeanwhile(view, link, outage) ||
    saysReady(view, link, outage) ||
    saidUnreadyBefore(view, link, outage) ||
    (outage.connections.length === 2 && isAnsweredMeanwhile(view, link.to, outage))
  known.set(outage, refuted)
  return refuted
}

/** An outage belongs to one view and to one link: every trouble near it asks the same of it. */
const known = new WeakMap<Outage, boolean>()

function isAnsweredMeanwhile(view: View, service: string, outage: Outage): boolean {
  const solid = { from: outage.from + view.gapMs, to: outage.to - view.intervalMs }
  const { tests, attempts } = view.evidence
  const requiring = new Set(tests.filter(({ needs }) => needs[service] === 'required').map(({ id }) => id))
  const goodAnswers = (exchanges: readonly Exchange[]) =>
    exchanges.filter((each) => each.target === view.entry && isGood(each))
  // In the first moments of an outage, too: a test that then fails at the next step has no later ones.
  const elsewhere = new Set(
    attempts
      .filter(({ outcome }) => outcome === 'failed')
      .flatMap(({ exchanges }) => goodAnswers(exchanges).filter((each) => overlaps(each, outage)))
      .map(({ operation }) => operation),
  )
  const oneFailed = attempts.some(({ exchanges }) =>
    exchanges.some((each) => overlaps(each, outage) && (isFailed(each) || each.outcome === 'aborted')),
  )
  return attempts.some(
    ({ testId, outcome, exchanges }) =>
      outcome === 'passed' &&
      requiring.has(testId) &&
      goodAnswers(exchanges).some(
        (each) =>
          each.from >= solid.from &&
          each.to <= solid.to &&
          (!oneFailed || (isChange(each) && !elsewhere.has(each.operation))),
      ),
  )
}

/** A good answer that makes no excuse. */
function isGood({ outcome, code, claims }: Exchange): boolean {
  return outcome === 'ok' && /^2\d\d$/.test(code ?? '') && !claims?.length
}

function isChange({ operation }: Exchange): boolean {
  return /^(?:POST|PUT|PATCH|DELETE) /.test(operation)
}
