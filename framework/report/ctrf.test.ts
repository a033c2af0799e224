import { expect, test } from 'vitest'
import { renderCtrf } from './ctrf.ts'
import type { ReportTest, RunReport } from './run-report.ts'
import { sampleReport } from './sample.test-data.ts'

const read = (report: RunReport) => JSON.parse(renderCtrf(report))

test('every test has one of the format’s statuses, and the summary counts them', () => {
  const { reportFormat, results } = read(sampleReport)
  expect(reportFormat).toBe('CTRF')
  expect(results.tests.map(({ status }: { status: string }) => status)).toEqual([
    'passed',
    'failed',
    'failed',
    'other',
  ])
  expect(results.summary).toMatchObject({
    tests: 4,
    passed: 1,
    failed: 2,
    skipped: 0,
    pending: 0,
    other: 1,
    flaky: 0,
  })
})

test('a failure says its verdict, and carries all of it as extra', () => {
  const [, failed] = read(sampleReport).results.tests
  expect(failed).toMatchObject({
    name: 'answers',
    suite: ['chat.test.ts'],
    filePath: 'chat.test.ts',
    duration: 1200,
    message: 'application: app (wrong-answer)',
    extra: { verdict: { class: 'application', subject: 'app' }, required: true },
  })
})

test('a test that a rerun cleared has passed, is flaky, and lists its attempts', () => {
  const failed = sampleReport.tests[2]!
  const [attempt] = failed.attempts
  const passed = { ...attempt!, n: 2, outcome: 'passed', verdict: null } as const
  const cleared: ReportTest = { ...failed, outcome: 'passed', cleared: true, attempts: [attempt!, passed] }
  const [found] = read({ ...sampleReport, tests: [cleared] }).results.tests
  expect(found).toMatchObject({ status: 'passed', rawStatus: 'cleared', flaky: true, retries: 1 })
  expect(
    found.retryAttempts.map(({ attempt: n, status }: { attempt: number; status: string }) => [n, status]),
  ).toEqual([
    [1, 'failed'],
    [2, 'passed'],
  ])
})

test('times are whole milliseconds', () => {
  const { results } = read({ ...sampleReport, startedAt: sampleReport.startedAt + 0.4, durationMs: 99.6 })
  expect(Number.isInteger(results.summary.start)).toBe(true)
  expect(Number.isInteger(results.summary.stop)).toBe(true)
  expect(results.summary.duration).toBe(100)
})
