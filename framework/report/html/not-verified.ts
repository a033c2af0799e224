import { type HealthLane, healthLanes } from './health-lanes.ts'
import type { HtmlParts } from './parts.ts'

const keysMissing = {
  T0: 'Only the runner looked: what lies behind the application was not seen.',
  T1: 'Only the runner looked: what the application says of its dependencies is a claim, not a witness.',
  T2: 'The platform told nothing: an exit of a service can’t be told from a stop.',
  T3: null,
} as const

/** What the run does not tell, each in a sentence. Empty when every declared path was watched throughout. */
export function notVerified(parts: HtmlParts): string[] {
  const { report, evidence } = parts
  const end = evidence.endedAt ?? report.startedAt + report.durationMs
  const lanes = healthLanes(evidence, { from: report.startedAt, to: end })
  const count = (outcome: string) => report.tests.filter((test) => test.outcome === outcome).length
  const tests = (number: number) => (number === 1 ? '1 test was' : `${number} tests were`)
  return [
    evidence.endedAt === null
      ? 'The record breaks off: the run was cut short, and what came later is unknown.'
      : null,
    ...neverSeen(lanes),
    ...unwatched(lanes.filter(wasSeen)),
    count('blocked') > 0
      ? `${tests(count('blocked'))} blocked: what they need was down, so they say nothing.`
      : null,
    count('skipped') > 0 ? `${tests(count('skipped'))} skipped.` : null,
    ...report.injections
      .filter(({ bit }) => bit !== true)
      .map(({ fault, target }) => `The injected ${fault}@${target} was never seen to change anything.`),
    report.release === null ? 'No answer said which release it came from.' : null,
    keysMissing[report.tier],
  ].filter((line) => line !== null)
}

function wasSeen({ spans }: HealthLane): boolean {
  return spans.some(({ status }) => status !== 'unknown' && status !== 'gap')
}

function nameOf({ name, vantage }: HealthLane): string {
  return `${name} (${vantage})`
}

function neverSeen(lanes: readonly HealthLane[]): string[] {
  const unseen = lanes.filter((lane) => !wasSeen(lane))
  return unseen.length === 0 ? [] : [`${listed(unseen.map(nameOf))}: never seen, so its health is unknown.`]
}

/** Gaps, the path that was unwatched for longest first. Those before the first look are the way up, not a gap in what was known. */
function unwatched(lanes: readonly HealthLane[]): string[] {
  const gaps = lanes
    .map((lane) => {
      const first = lane.spans.findIndex(({ status }) => status !== 'unknown' && status !== 'gap')
      const ms = lane.spans
        .slice(first)
        .filter(({ status }) => status === 'gap')
        .reduce((sum, { from, to }) => sum + to - from, 0)
      return { name: nameOf(lane), ms }
    })
    .filter(({ ms }) => ms > 0)
    .toSorted((a, b) => b.ms - a.ms)
  const longest = gaps[0]
  if (!longest) return []
  const seconds = `${(longest.ms / 1000).toFixed(1)} s`
  return gaps.length === 1
    ? [`${longest.name} was not watched for ${seconds}.`]
    : [
        `${gaps.length} of ${lanes.length} paths were not watched for up to ${seconds}: ${listed(gaps.map(({ name }) => name))}.`,
      ]
}

function listed(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}
