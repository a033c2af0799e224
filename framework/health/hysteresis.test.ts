import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConnectionKind, Observation, Outcome } from '#probe'
import { age, type HealthState, neverSeen, observe } from './hysteresis.ts'
import { lookAt } from './look.test-data.ts'
import { thresholdsFor } from './thresholds.ts'

const everyMs = 100
const limits = thresholdsFor(everyMs, 0)

const outcomes: Readonly<Record<string, Outcome>> = {
  '.': 'ok',
  s: 'slow',
  a: 'auth',
  w: 'unwell',
  r: 'refused',
  n: 'no-answer',
  c: 'cut',
}

/** Looks once every interval; `-` is a beat without a look. */
function looks(connection: ConnectionKind, marks: string): Observation[] {
  return [...marks].flatMap((mark, beat) => {
    const outcome = outcomes[mark]
    return outcome ? [lookAt(beat * everyMs, { connection, outcome })] : []
  })
}

function fold(observations: readonly Observation[], until: number): HealthState {
  const state = observations
    .toSorted((a, b) => a.at - b.at)
    .reduce((before, look) => observe(before, look, limits), neverSeen(0))
  return age(state, until, limits)
}

/** The health after these beats on new and on kept connections. */
function health(onNew: string, onKept = ''): HealthState {
  const beats = Math.max(onNew.length, onKept.length)
  return fold([...looks('new', onNew), ...looks('kept', onKept)], (beats - 1) * everyMs)
}

describe('looks on new connections add up to', () => {
  test.each([
    ['', 'unknown', 'nobody looked'],
    ['.', 'healthy', 'one good look'],
    ['r', 'unknown', 'one bad look is too little'],
    ['s', 'unknown', 'one slow look is too little'],
    ['.r', 'healthy', 'one failure'],
    ['.rr', 'unavailable', 'two failures in a row'],
    ['rr', 'unavailable', 'dead from the beginning'],
    ['.r.r.r', 'unavailable', 'three failures among the last five'],
    ['.r..r..r', 'healthy', 'failures too far apart'],
    ['.nc', 'unavailable', 'two failures of different kinds'],
    ['.s', 'healthy', 'one slow answer'],
    ['.ss', 'degraded', 'slow answers in a row'],
    ['.aa', 'degraded', 'it answers, but not to us'],
    ['.s.s.s', 'degraded', 'three slow answers among five'],
    ['.w', 'healthy', 'one answer that it can not serve'],
    ['.ww', 'critical', 'it says that it can not serve'],
    ['.wr', 'critical', 'a worse look counts towards the milder'],
    ['.rw', 'critical', 'in either order'],
    ['.rs', 'degraded', 'dead once and then slow'],
    ['.rrr.', 'recovering', 'good again'],
    ['.rr..', 'recovering', 'good again, not for long enough'],
    ['.rr...', 'healthy', 'good three times in a row'],
    ['.rr..r', 'unavailable', 'a relapse counts with what was before it'],
    ['.rr..r.', 'recovering', 'and begins the recovery anew'],
    ['.rr...r', 'healthy', 'after a recovery failures count anew'],
    ['.rrs', 'recovering', 'slow after dead is an answer again'],
    ['.rrss', 'degraded', 'but slow it stays'],
    ['.rrw', 'critical', 'it answers that it can not serve yet'],
    ['.ss.', 'recovering', 'fast again'],
    ['.---', 'healthy', 'silence for three intervals'],
    ['.----', 'unknown', 'silence for longer'],
    ['.rr----', 'unknown', 'silence after an outage'],
    ['.rr----.', 'recovering', 'an outage before a silence must be seen to have ended'],
    ['.----r', 'unknown', 'health before a silence counts no more'],
    ['.----.', 'healthy', 'seen again'],
    ['.r----r', 'unknown', 'failures on both sides of a silence are not in a row'],
  ])('%s: %s (%s)', (marks, status) => {
    expect(health(marks).status).toBe(status)
  })
})

describe('new and kept connections count apart', () => {
  test.each([
    ['...', '...', 'healthy', undefined],
    ['.rr', '.cc', 'unavailable', undefined],
    ['.rr', '...', 'critical', 'new'],
    ['...', '.cc', 'critical', 'kept'],
    ['.rr', '---', 'unavailable', undefined],
    ['.rr', '.ww', 'critical', 'new'],
    ['...', '.ww', 'critical', undefined],
    ['...', '.ss', 'degraded', undefined],
    ['.....', '.cc..', 'recovering', undefined],
    ['.....rr', '.------', 'unavailable', undefined],
  ] as const)('new %s and kept %s: %s', (onNew, onKept, status, deadOn) => {
    const state = health(onNew, onKept)
    expect([state.status, state.deadOn]).toEqual([status, deadOn])
  })
})

test('the reason names outcome, code and connection of the look that decided', () => {
  const bad = { outcome: 'refused', code: 'ECONNREFUSED' } as const
  const state = fold([lookAt(0, bad), lookAt(1, bad), lookAt(2, { connection: 'kept' })], 2)
  expect(state.reason).toBe('refused ECONNREFUSED on new connections')
})

test.each([
  ['.', undefined],
  ['.rr', 'refused'],
  ['.wr', 'refused'],
  ['.rrn', 'no-answer'],
  ['.ssr', 'slow'],
  ['.rr.', 'after refused'],
  ['.rr...', undefined],
])('%s: the reason is %s', (marks, reason) => {
  expect(health(marks).reason).toBe(reason)
})

test('a status lasts since the look that made it', () => {
  const state = fold([lookAt(0), lookAt(100), lookAt(200)], 250)
  expect(state.since).toBe(0)
})

const anyLooks = fc
  .array(
    fc.record({
      afterMs: fc.integer({ min: 0, max: 4 * everyMs }),
      totalMs: fc.integer({ min: 0, max: everyMs }),
      connection: fc.constantFrom('new', 'kept'),
      outcome: fc.constantFrom(...Object.values(outcomes)),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    let at = 0
    return steps.map(({ afterMs, totalMs, ...over }) => {
      at += afterMs
      return lookAt(at, { ...over, phases: { totalMs } })
    })
  })

const lastEnd = (seen: readonly Observation[]) =>
  Math.max(0, ...seen.map((look) => look.at + look.phases.totalMs))

test('it is never healthy without a good look that is recent', () => {
  fc.assert(
    fc.property(anyLooks, fc.nat(1000), (seen, waitMs) => {
      const at = lastEnd(seen) + waitMs
      const recentlyGood = seen.some(
        (look) => look.outcome === 'ok' && at - look.at - look.phases.totalMs <= 2 * limits.staleAfterMs,
      )
      expect(fold(seen, at).status === 'healthy' && !recentlyGood).toBe(false)
    }),
  )
})

test('after silence it is unknown, whatever was seen', () => {
  fc.assert(
    fc.property(anyLooks, fc.nat(1000), (seen, moreMs) => {
      const at = lastEnd(seen) + limits.staleAfterMs + 1 + moreMs
      expect(fold(seen, at).status).toBe('unknown')
    }),
  )
})

test('it is never unavailable after a good look on either connection', () => {
  fc.assert(
    fc.property(anyLooks, fc.constantFrom<ConnectionKind>('new', 'kept'), (seen, connection) => {
      const at = lastEnd(seen) + 1
      expect(fold([...seen, lookAt(at, { connection })], at).status).not.toBe('unavailable')
    }),
  )
})
