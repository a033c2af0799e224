import type { Verdict } from '#verdict'
import type { ReportAttempt, ReportTest, RunReport } from './run-report.ts'

const startedAt = Date.UTC(2026, 0, 5, 12)

function verdict(part: Pick<Verdict, 'class' | 'scope' | 'subject' | 'reason'>): Verdict {
  return {
    ...part,
    confidence: 0.97,
    tier: 'T2',
    evidence: { for: [{ rule: 'example', text: 'as seen' }], against: [] },
  }
}

const application = verdict({ class: 'application', scope: null, subject: 'app', reason: 'wrong-answer' })
const infrastructure = verdict({
  class: 'infrastructure',
  scope: 'environment',
  subject: 'app/database',
  reason: 'link-down',
})

function sampleTest(name: string, part: Partial<ReportTest>): ReportTest {
  return {
    id: `chat.test.ts > ${name}`,
    name,
    file: 'chat.test.ts',
    required: true,
    outcome: 'passed',
    cleared: false,
    blockedBy: [],
    strategy: 'normal',
    incident: null,
    attempts: [],
    verdict: null,
    ...part,
  }
}

function failedAttempt(of: Verdict): ReportAttempt {
  return {
    n: 1,
    outcome: 'failed',
    startedAt,
    durationMs: 1200,
    strategy: 'normal',
    signals: [],
    fingerprint: 'f-0123456789ab',
    verdict: of,
  }
}

/** One of each: passed, failed by the application, failed by infrastructure, blocked. For the tests of the renderers. */
export const sampleReport: RunReport = {
  schema: 'faultline.run/1',
  runId: 'sample',
  decision: 'block',
  exitCode: 1,
  reasons: [{ code: 'application', subject: 'app', message: 'app gave a wrong answer' }],
  tier: 'T2',
  startedAt,
  durationMs: 4200,
  environment: 'embedded',
  release: '1.2.3',
  health: [{ target: 'database', vantage: 'app-side', status: 'healthy', worst: 'unavailable' }],
  change: null,
  controlArm: null,
  knownIssues: [],
  seenBefore: {},
  injections: [{ fault: 'link-down', target: 'app/database', window: '0s-6s', bit: false }],
  incidents: [
    {
      id: 'I1',
      verdict: application,
      tests: ['chat.test.ts > answers'],
      window: { from: startedAt, to: startedAt + 900 },
    },
  ],
  tests: [
    sampleTest('signs in', {}),
    sampleTest('answers', {
      outcome: 'failed',
      verdict: application,
      incident: 'I1',
      attempts: [failedAttempt(application)],
    }),
    sampleTest('lists', {
      outcome: 'failed',
      verdict: infrastructure,
      incident: 'I2',
      attempts: [failedAttempt(infrastructure)],
    }),
    sampleTest('posts', { outcome: 'blocked', blockedBy: ['database'], strategy: 'graceful-skip' }),
  ],
}
