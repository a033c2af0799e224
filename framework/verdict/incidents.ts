import { createHash } from 'node:crypto'
import type { Interval } from '#core'
import type { Trouble } from './trouble.ts'
import type { Argument, Verdict } from './verdict.ts'

/** One trouble with its own verdict, before incidents are made. */
export interface Judged {
  readonly trouble: Trouble
  readonly verdict: Verdict
}

/** One failed attempt that belongs to an incident. */
export interface IncidentMember {
  readonly testId: string
  /** The attempt; null for a test that was blocked. */
  readonly n: number | null
  /** Its own verdict: agrees with the incident's, with its own arguments. */
  readonly verdict: Verdict
}

/** The unit of a verdict: what failed of one cause. */
export interface Incident {
  /** Stable for the same evidence: made from what failed, where and when. */
  readonly id: string
  readonly verdict: Verdict
  /** Empty for an incident that was over before any test. */
  readonly members: readonly IncidentMember[]
  readonly window: Interval
  /** It began before the suites. */
  readonly preFlight: boolean
}

/** Reasons by which failures belong to one end of the application, whatever they look like. */
const ends = new Set(['exited', 'restarted', 'down', 'hung'])

/**
 * Gathers troubles into incidents: the same family of the first error, the same target, overlapping time, and a verdict
 * that agrees; one whose own evidence says otherwise is an incident of its own. Whatever fell into a proven end of the application
 * belongs to that end, with what nobody could explain meanwhile.
 */
export function incidentsOf(judged: readonly Judged[], slackMs: number): Incident[] {
  const groups = Map.groupBy(inherit(judged, slackMs), keyOf)
  return [...groups.values()]
    .flatMap((group) => chains(group, slackMs))
    .map(incidentOf)
    .toSorted((a, b) => a.window.from - b.window.from || a.id.localeCompare(b.id))
}

function keyOf({ trouble, verdict }: Judged): string {
  const kind = trouble.kind === 'failure' ? 'failure' : 'away'
  const what = isEnd(verdict) ? 'end' : `${kind} ${trouble.family} ${trouble.target}`
  return [what, verdict.class, verdict.scope, verdict.subject, isEnd(verdict) ? '' : verdict.reason].join('|')
}

function isEnd(verdict: Verdict): boolean {
  return verdict.class === 'application' && ends.has(verdict.reason)
}

/** A failure that nobody can explain, in the midst of an end of the application that is proven, is owed to that end. */
function inherit(judged: readonly Judged[], slackMs: number): Judged[] {
  const proven = judged.filter(({ verdict }) => isEnd(verdict))
  const spans = chains(proven, slackMs).map((chain) => ({ span: spanOf(chain), verdict: chain[0]!.verdict }))
  return judged.map((each) => {
    const { class: found, reason } = each.verdict
    if (found !== 'inconclusive' || (reason !== 'missing-data' && reason !== 'no-witness')) return each
    const { from, to } = each.trouble.window
    const end = spans.find(({ span }) => from >= span.from && from <= span.to && to >= span.from)
    return end ? { trouble: each.trouble, verdict: end.verdict } : each
  })
}

/** Splits a group where nothing happened for longer than the slack. */
function chains(group: readonly Judged[], slackMs: number): Judged[][] {
  const found: Judged[][] = []
  let reached = Number.NEGATIVE_INFINITY
  for (const each of group.toSorted((a, b) => a.trouble.window.from - b.trouble.window.from)) {
    const { from, to } = each.trouble.window
    if (from <= reached + slackMs) found.at(-1)!.push(each)
    else found.push([each])
    reached = Math.max(reached, to)
  }
  return found
}

function spanOf(chain: readonly Judged[]): Interval {
  return {
    from: Math.min(...chain.map(({ trouble }) => trouble.window.from)),
    to: Math.max(...chain.map(({ trouble }) => trouble.window.to)),
  }
}

function incidentOf(chain: readonly Judged[]): Incident {
  const window = spanOf(chain)
  const members = chain.flatMap(memberOf)
  const first = chain[0]!
  const name = JSON.stringify([keyOf(first), window.from, members.map(({ testId, n }) => [testId, n])])
  return {
    id: `i-${createHash('sha256').update(name).digest('hex').slice(0, 10)}`,
    verdict: merged(chain),
    members,
    window,
    preFlight: chain.some(({ trouble }) => trouble.kind === 'not-ready'),
  }
}

function memberOf({ trouble, verdict }: Judged): IncidentMember[] {
  if (trouble.kind === 'failure') {
    const { testId, n } = trouble.attempt
    return [{ testId, n, verdict }]
  }
  return trouble.kind === 'blocked' ? [{ testId: trouble.testId, n: null, verdict }] : []
}

/** What all members say, as sure as the surest of them; each rule's argument once, with how many share it. */
function merged(chain: readonly Judged[]): Verdict {
  const surest = chain.reduce((best, each) =>
    each.verdict.confidence > best.verdict.confidence ? each : best,
  )
  const collect = (side: 'for' | 'against') =>
    sharedArguments(chain.map(({ verdict }) => verdict.evidence[side]))
  return { ...surest.verdict, evidence: { for: collect('for'), against: collect('against') } }
}

function sharedArguments(lists: readonly (readonly Argument[])[]): Argument[] {
  if (lists.length === 1) return [...lists[0]!]
  const byRule = Map.groupBy(lists.flat(), (argument) => argument.rule)
  return [...byRule.values()].map((arguments_) => {
    const [first] = arguments_
    const more = new Set(arguments_.map(({ text }) => text)).size - 1
    return more === 0 ? first! : { ...first!, text: `${first!.text} (and ${more} more like it)` }
  })
}
