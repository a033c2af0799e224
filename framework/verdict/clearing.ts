import type { EpochMs } from '#core'
import type { Findings } from './findings/findings.ts'
import { isComparable, type SlowLink, tookOf } from './findings/slow.ts'
import { isWitness } from './guards/g1-outside-witness.ts'
import { isGoodLook, type Series, within } from './looks.ts'
import type { Verdict } from './verdict.ts'
import type { View } from './view.ts'

/**
 * Whether the rerun cleared a test that infrastructure failed: it passed as often in a row as the policy asks, after a recovery
 * that was seen, with no restart of the application between, which could have hidden a defect.
 */
export function isCleared(view: View, findings: Findings, verdict: Verdict): boolean {
  const { passesAfter, firstPassAt, restartBetween } = findings.rerun
  if (verdict.class !== 'infrastructure' || restartBetween || firstPassAt === null) return false
  if (passesAfter < view.evidence.run.policy.passesToClear) return false
  return recoveredBy(view, findings, verdict, firstPassAt)
}

function recoveredBy(view: View, findings: Findings, verdict: Verdict, at: EpochMs): boolean {
  if (verdict.reason === 'runner-starved') return processorBack(view, findings, at)
  const { edge, runner, outages } = findings
  if (verdict.subject === 'runner') return wellAgain(view, view.controlLooks, runner.controlDead?.to, at)
  if (verdict.subject === view.edge)
    return edge.state === 'dead' && wellAgain(view, view.edgeLooks, edge.outage.to, at)
  if (verdict.reason === 'link-slow')
    return allOf(
      findings.slow.filter(({ fits }) => fits),
      (slow) => quickAgain(view, slow, at),
    )
  const away = outages.filter(isWitness)
  return allOf(away, ({ link, to }) => wellAgain(view, view.appSide(link), to, at))
}

/** Of nothing, nothing is true. */
function allOf<Item>(items: readonly Item[], holds: (item: Item) => boolean): boolean {
  return items.length > 0 && items.every(holds)
}

/** Whether the last looks before `at` took no longer than they usually do, by a factor that chance explains. */
function quickAgain(view: View, { link, usualMs, tookMs }: SlowLink, at: EpochMs): boolean {
  const last = within(view.appSide(link), { from: at - view.gapMs, to: at })
  const kept = last.filter(isComparable)
  const limitMs = Math.max(2 * usualMs, (usualMs + tookMs) / 4)
  return kept.length > 0 && last.every(isGoodLook) && kept.every((look) => tookOf(look) <= limitMs)
}

/** Whether the series ends, before `at`, with nothing but good looks on new and on kept connections since the outage. */
function wellAgain(view: View, series: Series, since: EpochMs | undefined, at: EpochMs): boolean {
  if (since === undefined) return false
  const last = within(series, { from: Math.max(since, at - view.gapMs), to: at })
  return (
    last.every((look) => isGoodLook(look)) &&
    last.some((look) => look.connection === 'new') &&
    last.some((look) => look.connection === 'kept')
  )
}

/** Whether the last samples before `at` were on time again. */
function processorBack(view: View, { trouble }: Findings, at: EpochMs): boolean {
  const since = Math.max(trouble.window.to, at - Math.max(1_000, view.gapMs))
  const last = view.evidence.runnerSamples.filter((sample) => sample.at >= since && sample.at <= at)
  return last.length > 0 && last.every((sample) => sample.lagMs < 100)
}
