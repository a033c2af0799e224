import type { ReportAttempt, ReportTest, RunReport } from './run-report.ts'
import { xml } from './xml.ts'

/**
 * JUnit XML, one suite per test file. An `application` or `test` verdict is a `<failure>`, everything else that failed is
 * an `<error>`, blocked and skipped tests are `<skipped>`; the verdict itself is in the test's properties.
 */
export function renderJunit(report: RunReport): string {
  const files = Map.groupBy(report.tests, (test) => test.file)
  const suites = [...files].map(([file, tests]) => renderSuite(file, tests))
  const head = `<testsuites name="faultline ${xml(report.environment)}" ${counts(report.tests)} time="${seconds(report.durationMs)}">`
  const properties = renderProperties(
    { decision: report.decision, exitCode: String(report.exitCode), tier: report.tier, run: report.runId },
    '  ',
  )
  return ['<?xml version="1.0" encoding="UTF-8"?>', head, properties, ...suites, '</testsuites>', ''].join(
    '\n',
  )
}

function renderSuite(file: string, tests: readonly ReportTest[]): string {
  const timeMs = tests.flatMap((test) => test.attempts).reduce((sum, attempt) => sum + attempt.durationMs, 0)
  return [
    `  <testsuite name="${xml(file)}" ${counts(tests)} time="${seconds(timeMs)}">`,
    ...tests.map(renderTest),
    '  </testsuite>',
  ].join('\n')
}

function renderTest(test: ReportTest): string {
  const last = test.attempts.at(-1)
  const { verdict } = test
  const properties = {
    'faultline.outcome': test.outcome,
    'faultline.cleared': String(test.cleared),
    ...(verdict
      ? {
          'faultline.verdict': verdict.class,
          'faultline.subject': verdict.subject,
          'faultline.reason': verdict.reason,
          'faultline.confidence': String(verdict.confidence),
        }
      : {}),
  }
  return [
    `    <testcase name="${xml(test.name)}" classname="${xml(test.file)}" time="${seconds(last?.durationMs ?? 0)}">`,
    renderProperties(properties, '      '),
    ...renderOutcome(test, last),
    '    </testcase>',
  ].join('\n')
}

function renderOutcome(test: ReportTest, last: ReportAttempt | undefined): string[] {
  if (test.outcome === 'blocked')
    return [`      <skipped message="blocked: ${xml(test.blockedBy.join(', '))} down"/>`]
  if (test.outcome === 'skipped') return ['      <skipped/>']
  if (test.outcome === 'passed') return []
  const blamed = test.verdict?.class === 'application' || test.verdict?.class === 'test'
  const element = blamed ? 'failure' : 'error'
  const message = test.verdict
    ? `${test.verdict.class}: ${test.verdict.subject} (${test.verdict.reason})`
    : 'no verdict'
  const signals = (last?.signals ?? []).map((signal) => `${signal.stableCode}: ${signal.match}`).join('\n')
  return [
    `      <${element} type="${xml(test.verdict?.class ?? 'unknown')}" message="${xml(message)}">${xml(signals)}</${element}>`,
  ]
}

function renderProperties(properties: Readonly<Record<string, string>>, indent: string): string {
  const lines = Object.entries(properties).map(
    ([name, value]) => `${indent}  <property name="${xml(name)}" value="${xml(value)}"/>`,
  )
  return [`${indent}<properties>`, ...lines, `${indent}</properties>`].join('\n')
}

function counts(tests: readonly ReportTest[]): string {
  const failed = tests.filter((test) => test.outcome === 'failed')
  const failures = failed.filter(
    (test) => test.verdict?.class === 'application' || test.verdict?.class === 'test',
  )
  const skipped = tests.filter((test) => test.outcome === 'skipped' || test.outcome === 'blocked')
  return `tests="${tests.length}" failures="${failures.length}" errors="${failed.length - failures.length}" skipped="${skipped.length}"`
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}
