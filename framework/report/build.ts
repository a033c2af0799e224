import type { Interval } from '#core'
import type { Decided, KnownIssueUse } from '#decision'
import type { RunEvidence } from '#evidence'
import type { Injection } from '#fault'
import type { HealthOverview } from '#health'
import type { Attempt, Blocked, TestDefinition } from '#run'
import type { Judgement, TestJudgement } from '#verdict'
import type { ReportAttempt, ReportTest, RunReport, SeenBefore } from './run-report.ts'

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
    tests: testsOf(parts),
  }
}

function testsOf(parts: ReportParts): ReportTest[] {
  const { evidence, judgement } = parts
  // Ten thousand tests are not looked for in ten thousand, one by one.
  const definitions = new Map(evidence.tests.map((test) => [test.id, test]))
  const attempts = Map.groupBy(evidence.attempts, ({ testId }) => testId)
  const blocked = new Map(evidence.blocked.map((each) => [each.testId, each]))
  const verdicts = new Map(judgement.attempts.map(({ testId, n, verdict }) => [keyOf(testId, n), verdict]))
  return judgement.tests.map((test) => {
    const { testId } = test
    const known = {
      definition: definitions.get(testId),
      attempts: attempts.get(testId) ?? [],
      blocked: blocked.get(testId),
    }
    return testOf(test, known, (attempt) => ({
      fingerprint: parts.fingerprint(testId, attempt.n) ?? null,
      verdict: verdicts.get(keyOf(testId, attempt.n)) ?? null,
    }))
  })
}

function keyOf(testId: string, n: number): string {
  return `${n} ${testId}`
}

interface Known {
  readonly definition: TestDefinition | undefined
  readonly attempts: readonly Attempt[]
  readonly blocked: Blocked | undefined
}

function testOf(
  test: TestJudgement,
  { definition, attempts, blocked }: Known,
  judgedOf: (attempt: Attempt) => Pick<ReportAttempt, 'fingerprint' | 'verdict'>,
): ReportTest {
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
    attempts: attempts.map((attempt) => {
      const { n, outcome, startedAt, durationMs, strategy, signals } = attempt
      return { n, outcome, startedAt, durationMs, strategy, signals, ...judgedOf(attempt) }
    }),
    verdict: test.verdict,
  }
}
