import type { RunEvidence } from '#evidence'
import { attribute } from './attribute.ts'
import { isCleared } from './clearing.ts'
import { type Findings, type Reader, readerOf } from './findings/findings.ts'
import { blind } from './guards/g6-blind.ts'
import { type Incident, incidentsOf } from './incidents.ts'
import { blockedTrouble, failureTrouble, notReadyTrouble, type Trouble } from './trouble.ts'
import type { Tier, Verdict } from './verdict.ts'
import { type View, viewOf } from './view.ts'

/** One failed attempt, judged. */
export interface AttemptJudgement {
  readonly testId: string
  readonly n: number
  readonly verdict: Verdict
  readonly incident: string
}

/** What became of one test. */
export interface TestJudgement {
  readonly testId: string
  readonly required: boolean
  /** The last attempt's; `missing` when it was listed, and neither ran, nor was blocked or skipped. */
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'blocked' | 'missing'
  /** It failed by infrastructure that was seen to recover, and then passed often enough, with no restart between. */
  readonly cleared: boolean
  readonly blockedBy: readonly string[]
  /** The incident that its last failed attempt, or its block, belongs to. */
  readonly incident: string | null
  /** The last failed attempt's, or the block's. */
  readonly verdict: Verdict | null
}

/** Everything that the evidence of a run says of its failures. */
export interface Judgement {
  readonly tier: Tier
  readonly incidents: readonly Incident[]
  readonly attempts: readonly AttemptJudgement[]
  readonly tests: readonly TestJudgement[]
}

/** How far apart failures of one incident may lie. */
const slackMs = 1_000

/** Judges a whole run. Pure: the same evidence gives the same judgement, down to the ids. */
export function judge(evidence: RunEvidence): Judgement {
  const view = viewOf(blind(evidence))
  const read = readerOf(view)
  const judged = troublesOf(view).map((trouble) => ({ trouble, verdict: attribute(read(trouble)) }))
  const incidents = incidentsOf(judged, Math.max(slackMs, view.gapMs))
  const attempts = incidents.flatMap((incident) => attemptsIn(incident))
  const tests = testsOf(view, read, attempts, incidents)
  return { tier: evidence.tier, incidents, attempts, tests }
}

/** What is known about every trouble of a run. */
export function findingsIn(evidence: RunEvidence): Findings[] {
  const view = viewOf(blind(evidence))
  return troublesOf(view).map(readerOf(view))
}

function troublesOf(view: View): Trouble[] {
  const { tests, attempts, blocked, preFlight } = view.evidence
  const byId = new Map(tests.map((test) => [test.id, test]))
  return [
    ...preFlight.filter((record) => !record.ready).map((record) => notReadyTrouble(view, record)),
    ...blocked.map((each) => blockedTrouble(view, each, byId.get(each.testId)?.needs ?? {})),
    ...attempts
      .filter((attempt) => attempt.outcome === 'failed')
      .map((attempt) => failureTrouble(view, attempt, byId.get(attempt.testId))),
  ]
}

function attemptsIn(incident: Incident): AttemptJudgement[] {
  return incident.members.flatMap(({ testId, n, verdict }) =>
    n === null ? [] : [{ testId, n, verdict, incident: incident.id }],
  )
}

function testsOf(
  view: View,
  read: Reader,
  judged: readonly AttemptJudgement[],
  incidents: readonly Incident[],
): TestJudgement[] {
  const { evidence } = view
  const definitions = new Map(evidence.tests.map((test) => [test.id, test]))
  const attempts = Map.groupBy(evidence.attempts, (attempt) => attempt.testId)
  const blocks = new Map(evidence.blocked.map((block) => [block.testId, block]))
  const skipped = new Set(evidence.skipped.map((skip) => skip.testId))
  const lastStart = new Map<string, number>()
  for (const { testId, n } of evidence.started) lastStart.set(testId, Math.max(n, lastStart.get(testId) ?? 0))
  const verdicts = Map.groupBy(judged, (each) => each.testId)
  const blockIncidents = new Map(
    incidents.flatMap((incident) =>
      incident.members.filter(({ n }) => n === null).map((member) => [member.testId, { incident, member }]),
    ),
  )

  return [...new Set([...definitions.keys(), ...attempts.keys(), ...blocks.keys()])].map((testId) => {
    const own = attempts.get(testId) ?? []
    const last = own.at(-1)
    const failed = own.findLast((attempt) => attempt.outcome === 'failed')
    const found = verdicts.get(testId) ?? []
    const standing = found.find(({ n }) => n === failed?.n)
    const unfinished = (lastStart.get(testId) ?? 0) > Math.max(0, ...own.map((attempt) => attempt.n))
    const block = last === undefined ? blocks.get(testId) : undefined
    const blockOf = block && blockIncidents.get(testId)
    const ran = unfinished && last?.outcome !== 'failed' ? 'missing' : last?.outcome
    const allExcused = found.length > 0 && found.every(({ verdict }) => verdict.class === 'infrastructure')
    return {
      testId,
      required: definitions.get(testId)?.required ?? true,
      outcome:
        ran ??
        (block ? 'blocked' : skipped.has(testId) || definitions.get(testId)?.skipped ? 'skipped' : 'missing'),
      cleared:
        ran === 'passed' &&
        allExcused &&
        failed !== undefined &&
        standing !== undefined &&
        isCleared(view, read(failureTrouble(view, failed, definitions.get(testId))), standing.verdict),
      blockedBy: block?.blockedBy ?? [],
      incident: standing?.incident ?? blockOf?.incident.id ?? null,
      verdict: standing?.verdict ?? blockOf?.member.verdict ?? null,
    }
  })
}
