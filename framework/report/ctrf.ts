import type { ReportAttempt, ReportTest, RunReport } from './run-report.ts'

type Status = 'passed' | 'failed' | 'skipped' | 'other'

/** A test as CTRF has it; whole numbers, in ms. */
interface CtrfTest {
  readonly name: string
  readonly status: Status
  readonly duration: number
  readonly start?: number
  readonly stop?: number
  readonly suite?: readonly string[]
  readonly message?: string
  readonly rawStatus: string
  readonly filePath: string
  readonly retries: number
  readonly flaky: boolean
  readonly retryAttempts?: readonly object[]
  readonly extra: object
}

/**
 * The run as CTRF (https://ctrf.io), as text. A blocked test is `other`: it was neither run nor left out on purpose. What CTRF has no
 * word for (verdicts, the decision) is in `extra`. A test that a rerun cleared counts as passed and as flaky.
 */
export function renderCtrf(report: RunReport): string {
  const tests = report.tests.map(ctrfTest)
  const count = (status: Status) => tests.filter((test) => test.status === status).length
  const start = Math.round(report.startedAt)
  const document = {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    generatedBy: 'faultline',
    timestamp: new Date(report.startedAt + report.durationMs).toISOString(),
    extra: {
      decision: report.decision,
      exitCode: report.exitCode,
      reasons: report.reasons,
      tier: report.tier,
    },
    results: {
      tool: { name: 'faultline' },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: count('other'),
        flaky: tests.filter((test) => test.flaky).length,
        start,
        stop: start + Math.round(report.durationMs),
        duration: Math.round(report.durationMs),
      },
      tests,
      environment: {
        testEnvironment: report.environment,
        ...(report.release === null ? {} : { appVersion: report.release }),
        extra: { runId: report.runId, health: report.health, injections: report.injections },
      },
    },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function ctrfTest(test: ReportTest): CtrfTest {
  const { attempts, verdict, outcome } = test
  const last = attempts.at(-1)
  const failedBefore = attempts.slice(0, -1).some((attempt) => attempt.outcome === 'failed')
  const suite = suiteOf(test)
  return {
    name: test.name === '' ? test.id : test.name,
    status: outcome === 'blocked' ? 'other' : outcome,
    duration: Math.round(last?.durationMs ?? 0),
    ...(last ? spanOf(last) : {}),
    ...(suite.length === 0 ? {} : { suite }),
    ...messageOf(test),
    rawStatus: test.cleared ? 'cleared' : outcome,
    filePath: test.file,
    retries: Math.max(0, attempts.length - 1),
    flaky: outcome === 'passed' && failedBefore,
    ...(attempts.length > 1 ? { retryAttempts: attempts.map(retryOf) } : {}),
    extra: {
      required: test.required,
      cleared: test.cleared,
      blockedBy: test.blockedBy,
      strategy: test.strategy,
      incident: test.incident,
      verdict,
    },
  }
}

/** File and titles around the test's own. */
function suiteOf({ id, file }: ReportTest): string[] {
  return id.startsWith(`${file} > `) ? id.split(' > ').slice(0, -1) : file === '' ? [] : [file]
}

function messageOf({ verdict, blockedBy, attempts }: ReportTest): { message?: string } {
  const said = verdict ? `${verdict.class}: ${verdict.subject} (${verdict.reason})` : undefined
  const signals = (attempts.at(-1)?.signals ?? []).map((signal) => `${signal.stableCode}: ${signal.match}`)
  const lines = [
    ...(said === undefined ? [] : [said]),
    ...(blockedBy.length > 0 ? [`blocked: ${blockedBy.join(', ')} down`] : signals),
  ]
  return lines.length === 0 ? {} : { message: lines.join('\n') }
}

function retryOf(attempt: ReportAttempt): object {
  const { n, outcome, durationMs, verdict } = attempt
  return {
    attempt: n,
    status: outcome,
    duration: Math.round(durationMs),
    ...spanOf(attempt),
    extra: { verdict },
  }
}

function spanOf({ startedAt, durationMs }: ReportAttempt): { start: number; stop: number } {
  return { start: Math.round(startedAt), stop: Math.round(startedAt + durationMs) }
}
