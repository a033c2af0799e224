import { expect, test } from 'vitest'
import { projectEvidence } from '#evidence'
import type { Attempt } from '#run'
import { failureTrouble } from './trouble.ts'
import { viewOf } from './view.ts'
import {
  attempt,
  definition,
  exchange,
  recordsOf,
  signal,
  soundWorld,
  t0,
  timedOut,
} from './world.test-data.ts'

const view = viewOf(projectEvidence(recordsOf({ ...soundWorld, durationMs: 1_000 })))
const read = (change: Partial<Attempt>, needs = {}) =>
  failureTrouble(view, attempt('a', { from: 0, to: 1_000, ...change }), definition('a', needs))

const unavailable = { outcome: 'failed', code: '503', producer: 'application' } as const
const assertion = (at: number, match = 'expected 42, got 41') =>
  signal('wrong-value', { kind: 'assertion', at: t0 + at, match })

test('an assertion on the status of a failed answer is that failure', () => {
  const found = read({
    signals: [assertion(120, 'expected 503 to be 201')],
    exchanges: [exchange(100, 110, unavailable)],
  })
  expect(found).toMatchObject({ family: 'answered-error', valueReceived: false })
})

test('an assertion after complete answers is a wrong value', () => {
  const found = read({ signals: [assertion(120)], exchanges: [exchange(100, 110)] })
  expect(found).toMatchObject({ family: 'wrong-value', valueReceived: true })
})

test('an error that a retry made good doesn’t hide a wrong value', () => {
  const first = signal('answered-error', { kind: 'http-status', code: '503', at: t0 + 110 })
  const found = read({
    signals: [first, { ...assertion(220), consequence: true }],
    exchanges: [exchange(100, 110, unavailable), exchange(200, 210)],
  })
  expect(found).toMatchObject({ family: 'wrong-value', valueReceived: true })
})

test('a socket that is cut in clearing up doesn’t hide a wrong value', () => {
  const cut = exchange(50, 900, {
    protocol: 'websocket',
    operation: 'WS /ws',
    outcome: 'failed',
    code: '1006',
  })
  const found = read({ signals: [assertion(120)], exchanges: [exchange(100, 110), cut] })
  expect(found).toMatchObject({ family: 'wrong-value', valueReceived: true })
})

test('an answer that names what stood in its way is an error, whatever the test asserts of it', () => {
  const found = read({ signals: [assertion(120)], exchanges: [exchange(100, 110, { claims: ['model'] })] })
  expect(found).toMatchObject({ family: 'answered-error', valueReceived: false })
})

test('an answer that is cut off is no received value', () => {
  const found = read({ signals: [assertion(120)], exchanges: [exchange(100, 110, { wellFormed: false })] })
  expect(found.valueReceived).toBe(false)
})

test('a 4xx of the application is an answer with another value', () => {
  const gone = signal('answered-error', { kind: 'http-status', code: '404', at: t0 + 110 })
  const found = read({
    signals: [gone],
    exchanges: [exchange(100, 110, { code: '404', producer: 'application' })],
  })
  expect(found).toMatchObject({ family: 'wrong-value', valueReceived: true })
})

test('a 4xx of somebody between is none', () => {
  const forbidden = signal('answered-error', { kind: 'http-status', code: '403', at: t0 + 110 })
  const between = exchange(100, 110, { outcome: 'failed', code: '403', producer: 'intermediary' })
  expect(read({ signals: [forbidden], exchanges: [between] }).valueReceived).toBe(false)
})

test('the first error in time counts, in whatever order they are listed', () => {
  const found = read({
    signals: [
      signal('no-answer', { at: t0 + 500 }),
      signal('peer-gone', { at: t0 + 100 }),
      signal('unknown'),
    ],
  })
  expect(found.family).toBe('peer-gone')
})

test('a consequence doesn’t count', () => {
  const found = read({
    signals: [signal('peer-gone', { at: t0, consequence: true }), signal('no-answer', { at: t0 + 9 })],
  })
  expect(found.family).toBe('no-answer')
})

test('the window begins with the first failure of the operation’s last streak', () => {
  const tries = [exchange(0, 10), exchange(100, 110, unavailable), exchange(300, 310, unavailable)]
  const late = signal('answered-error', { at: t0 + 310 })
  expect(read({ signals: [late], exchanges: tries }).window).toEqual({ from: t0 + 100, to: t0 + 310 })
})

test('without a conversation the window is what the test waited for, else the whole attempt', () => {
  const tries = [{ at: t0 + 200, durationMs: 300 }]
  const patient = [{ operation: 'reply', limitMs: 300, tries, outcome: 'gave-up' as const }]
  expect(read({ patient })).toMatchObject({ operation: 'reply', window: { from: t0 + 200, to: t0 + 500 } })
  expect(read({}).window).toEqual({ from: t0, to: t0 + 1_000 })
})

test('the conversation that was given up is the one that timed out', () => {
  const { signals, exchanges } = timedOut('a', 100, 900)
  expect(read({ signals, exchanges: [exchange(0, 10), ...exchanges] }).window.from).toBe(t0 + 100)
})

test('a conversation that began when the test’s time was up already is not what it waited for', () => {
  const { signals, exchanges } = timedOut('a', 100, 900)
  const afterwards = exchange(905, 940, { outcome: 'aborted', operation: 'GET /chat.js' })
  expect(read({ signals, exchanges: [...exchanges, afterwards] }).window.from).toBe(t0 + 100)
  expect(read({ signals, exchanges: [afterwards] })).toMatchObject({
    operation: null,
    window: { from: t0, to: t0 + 1_000 },
  })
})

test('an optional service is on the path only when the failing conversation used it, or the test requires it', () => {
  const pathOf = (found: ReturnType<typeof read>) => found.path.links
  const used = exchange(0, 10, { target: 'analytics' })
  const failed = exchange(100, 110, unavailable)
  expect(pathOf(read({ exchanges: [used, failed] }))).not.toContain('app/analytics')
  expect(pathOf(read({ exchanges: [failed] }, { analytics: 'required' }))).toContain('app/analytics')
})

test('a conversation with a service behind the entry lies on that service alone', () => {
  const refused = exchange(100, 110, {
    protocol: 'postgres',
    target: 'database',
    outcome: 'failed',
    code: 'ECONNREFUSED',
  })
  const found = read({ signals: [signal('peer-gone', { at: t0 + 110 })], exchanges: [refused] })
  expect(found.target).toBe('database')
  expect(found.path.services).toEqual(['database'])
})

test('an operation that met its own limit began the limit before its end, though it was seen to begin later', () => {
  const found = read({
    durationMs: 5_000,
    ownTimeoutMs: 3_000,
    signals: [signal('no-answer', { kind: 'timeout', at: t0 + 4_050 })],
    exchanges: [exchange(4_000, 4_050, { outcome: 'aborted' })],
  })
  expect(found.window).toEqual({ from: t0 + 1_050, to: t0 + 4_050 })
})

test('a page that waited in vain for an element received no value', () => {
  const waited = signal('no-answer', { kind: 'timeout', stableCode: 'PW.ACTION_TIMEOUT', at: t0 + 900 })
  const unseen = signal('wrong-value', { kind: 'selector', stableCode: 'PW.COVERED', at: t0 + 900 })
  const found = read({ signals: [waited, unseen], exchanges: [exchange(100, 110)] })
  expect(found).toMatchObject({ family: 'no-answer', valueReceived: false })
})
