import type { Interval } from '#core'
import type { Decided, KnownIssueUse } from '#decision'
import type { RunEvidence } from '#evidence'
import type { Injection } from '#fault'
import type { HealthOverview } from '#health'
import type { Attempt } from '#run'
import type { Judgement, TestJudgement } from '#verdict'
import type { ReportTest, RunReport, SeenBefore } from './run-report.ts'

/** What a report is made of. */
export interface ReportParts {
  readonly evidence: RunEvidence
  readonly judgement: Judgement
  readonly decided: Decided
  readonly health: readonly HealthOverview[]
  readonly injections: readonly Injection[]
  /** Of every failed attempt. */
  readonly fingerprint: (testId: string, n: number) => string | undefined
  readonly knownIssues: readonly KnownIssueUse[]
  readonly seenBefore: Readonly<Record<string, SeenBefore>>
  /** When the last record was written. */
  readonly span: Interval
}

/** The run as a report. Pure: reports are functions of the journal. */
export function buildReport(parts: ReportParts): RunReport {
  const { evidence, judgement, decided, health, injections, knownIssues, seenBefore, span } = parts
  return {
    schema: 'faultline.run/1',
    runId: evidence.run.id,
    ...decided,
    tier: judgement.tier,
    startedAt: span.from,
    durationMs: span.to - span.from,
    environment: evidence.run.environment,
    release: evidence.releases.at(-1)?.build ?? null,
    health,
    injections: injections.map(({ fault, target, window, bit }) => ({ fault, target, window, bit })),
    change: evidence.change,
    controlArm: evidence.controlArm,
    knownIssues,
    seenBefore,
    incidents: judgement.incidents.map(({ id, verdict, members, window }) => ({
      id,
      verdict,
      tests: [...new Set(members.map((member) => member.testId))],
      window,
    })),
    tests: judgement.tests.map((test) => testOf(test, parts)),
  }
}

function testOf(test: TestJudgement, parts: ReportParts): ReportTest {
  const { evidence } = parts
  const definition = evidence.tests.find((each) => each.id === test.testId)
  const attempts = evidence.attempts.filter((attempt) => attempt.testId === test.testId)
  const blocked = evidence.blocked.findLast((each) => each.testId === test.testId)
  return {
    id: test.testId,
    name: definition?.name ?? test.testId,
    file: definition?.file ?? '',
    required: test.required,
    outcome: test.outcome === 'missing' ? 'skipped' : test.outcome,
    cleared: test.cleared,
    blockedBy: test.blockedBy,
    strategy: (test.outcome === 'blocked' ? blocked?.strategy : attempts.at(-1)?.strategy) ?? null,
    incident: test.incident,
    attempts: attempts.map((attempt) => attemptOf(attempt, parts)),
    verdict: test.verdict,
  }
}

function attemptOf(
  { testId, n, outcome, startedAt, durationMs, strategy, signals }: Attempt,
  { judgement, fingerprint }: ReportParts,
) {
  const judged = judgement.attempts.find((each) => each.testId === testId && each.n === n)
  return {
    ...{ n, outcome, startedAt, durationMs, strategy, signals },
    fingerprint: fingerprint(testId, n) ?? null,
    verdict: judged?.verdict ?? null,
  }
}
