import type { JournalRecord } from '#journal'

/** What a made-up run is like. */
export interface SyntheticRun {
  readonly tests: number
  /** Names of the first tests; the others are numbered. */
  readonly names?: readonly string[]
  /** What the failing tests' errors say. */
  readonly message?: string
  /** Nobody looks at anything from here on, for so long. */
  readonly gap?: { readonly fromMs: number; readonly forMs: number }
}

export const began = Date.UTC(2026, 0, 5, 12)

const workers = 4
const testMs = 120
const outage = { fromMs: 8_000, toMs: 14_000 }
const file = (index: number) => `suites/area-${String(Math.floor(index / 25)).padStart(3, '0')}.test.ts`

const service = (name: string, owner: string, protocol: string, uses: object) => ({
  ...{ name, owner, protocol, uses },
  egress: 'private',
})

const topology = {
  entry: 'app',
  services: {
    app: service('app', 'sut', 'http', { database: 'required', auth: 'required', model: 'optional' }),
    auth: service('auth', 'sut', 'http', { database: 'required' }),
    database: service('database', 'platform', 'postgres', {}),
    model: service('model', 'external', 'http', {}),
  },
}

const views = [
  { target: 'app', link: 'client/app', vantage: 'runner' },
  { target: 'app', vantage: 'app-side' },
  { target: 'database', link: 'app/database', vantage: 'app-side' },
  { target: 'auth', link: 'app/auth', vantage: 'app-side' },
  { target: 'model', link: 'app/model', vantage: 'app-side' },
  { target: 'database', link: 'auth/database', vantage: 'app-side' },
  { target: 'database', vantage: 'runner' },
  { target: 'control', vantage: 'runner' },
]

/** The records of a made-up run: the database's link goes down for 6 s and tests fail meanwhile; one test meets a wrong answer. */
export function syntheticRun(run: SyntheticRun): JournalRecord[] {
  const lengthMs = Math.max(60_000, 5_000 + (run.tests / workers) * (testMs + 20))
  const at = (ms: number) => began + ms
  const record = (ms: number, kind: string, data: unknown): JournalRecord => ({
    ...{ at: at(ms), source: 'synthetic', kind, data },
  })
  const fault = { fault: 'link-down', target: 'app/database', window: '3s-9s' }
  return [
    record(0, 'journal', { format: 'faultline.journal/1' }),
    record(0, 'run-started', {
      ...{ id: 'synthetic', root: '/synthetic', environment: 'embedded', topology, tierCeiling: 'T3' },
      policy: { minimumTests: 1, passesToClear: 2, raceSuspected: 'undecided' },
      intervalMs: 1_000,
    }),
    record(4_900, 'pre-flight', { ready: true, waitedMs: 900, down: [] }),
    record(outage.fromMs, 'fault-on', fault),
    record(outage.toMs, 'fault-off', fault),
    ...healthRecords(record, at),
    ...lookRecords(run, lengthMs, record, at),
    ...testRecords(run, record, at),
    record(lengthMs, 'fault-bit', { ...fault, bit: true }),
    record(lengthMs, 'run-ended', { at: at(lengthMs) }),
  ]
}

type Make = (ms: number, kind: string, data: unknown) => JournalRecord
type At = (ms: number) => number

function healthRecords(record: Make, at: At): JournalRecord[] {
  const change = (view: object, ms: number, before: string, status: string, reason?: string) =>
    record(ms, 'health', { ...view, status, since: at(ms), before, ...(reason ? { reason } : {}) })
  const database = views[2]!
  return [
    ...views.map((view) => change(view, 1_000, 'unknown', 'healthy')),
    change(database, outage.fromMs + 400, 'healthy', 'unavailable', 'refused ECONNREFUSED'),
    change(database, outage.toMs + 100, 'unavailable', 'recovering'),
    change(database, outage.toMs + 900, 'recovering', 'healthy'),
  ]
}

function lookRecords(run: SyntheticRun, lengthMs: number, record: Make, at: At): JournalRecord[] {
  const records: JournalRecord[] = []
  const { fromMs, forMs } = run.gap ?? { fromMs: 0, forMs: 0 }
  for (let ms = 1_000; ms < lengthMs; ms += 1_000) {
    if (ms >= fromMs && ms < fromMs + forMs) continue
    for (const view of views)
      for (const connection of ['new', 'kept']) {
        const isDead = view.link === 'app/database' && ms > outage.fromMs && ms < outage.toMs
        const outcome = isDead ? { outcome: 'refused', code: 'ECONNREFUSED' } : { outcome: 'ok' }
        records.push(
          record(ms, 'observation', { ...view, connection, at: at(ms), ...outcome, phases: { totalMs: 4 } }),
        )
      }
    records.push(
      record(ms, 'platform-event', { at: at(ms), service: 'database', event: 'running', incarnation: 1 }),
    )
  }
  return records
}

function testRecords(run: SyntheticRun, record: Make, at: At): JournalRecord[] {
  return Array.from({ length: run.tests }, (_, index) => {
    const name = run.names?.[index] ?? `does what it promises, number ${index}`
    const testId = `${file(index)} > the area > ${name}`
    const startMs = 5_000 + Math.floor(index / workers) * (testMs + 20) + (index % workers) * 7
    const isVictim = startMs > outage.fromMs && startMs < outage.toMs && index % 3 === 0
    const fails = isVictim || index < (run.names?.length ?? 1)
    const attempt = (n: number, ms: number, outcome: 'passed' | 'failed') =>
      record(ms + testMs, 'attempt', {
        ...{
          testId,
          n,
          outcome,
          startedAt: at(ms),
          durationMs: testMs,
          strategy: 'normal',
          timeoutFactor: 1,
        },
        worker: `worker:${index % workers}`,
        ...(outcome === 'failed'
          ? isVictim
            ? refused(at(ms), run)
            : wrongAnswer(at(ms), run)
          : { errors: [], signals: [], exchanges: [] }),
        patient: [],
      })
    return [
      record(1_000, 'test', {
        ...{ id: testId, name, file: file(index), required: true, skipped: false },
        needs: { database: 'required' },
      }),
      attempt(1, startMs, fails ? 'failed' : 'passed'),
      ...(isVictim ? [2, 3].map((n) => attempt(n, outage.toMs + n * 8_000 + index * 25, 'passed')) : []),
    ]
  }).flat()
}

function refused(from: number, { message = 'expected 201, got 503' }: SyntheticRun) {
  const signal = { kind: 'http-status', code: '503', stableCode: 'HTTP.503', family: 'answered-error' }
  return {
    errors: [{ name: 'AssertionError', message, phase: 'act', frame: 'test' }],
    signals: [{ ...signal, match: message, role: 'edge', phase: 'act', at: from + 60 }],
    exchanges: [
      {
        ...{ protocol: 'http', operation: 'POST /threads', target: 'app', from, to: from + 60, code: '503' },
        ...{ outcome: 'failed', producer: 'application', wellFormed: true, claims: ['database'] },
      },
    ],
  }
}

function wrongAnswer(from: number, { message = 'expected 42 to be 41' }: SyntheticRun) {
  return {
    errors: [{ name: 'AssertionError', message, phase: 'assert', frame: 'test' }],
    signals: [
      {
        ...{ kind: 'assertion', code: 'AssertionError', stableCode: 'ASSERT.VALUE', family: 'wrong-value' },
        ...{ match: message, phase: 'assert', at: from + 80 },
      },
    ],
    exchanges: [
      {
        ...{ protocol: 'http', operation: 'GET /answer', target: 'app', from, to: from + 40, code: '200' },
        ...{ outcome: 'ok', producer: 'application', wellFormed: true },
      },
    ],
  }
}
