import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExperimentEvidence, LinkSample } from '../evidence.ts'
import { operation } from '../history.test-data.ts'
import { type BreakerPromise, breaker } from './breaker.ts'

const link = 'app/model'
const faultFrom = 2000
const faultTo = 10_000
const end = 13_000

interface Model {
  /** Failures in a row that open it. */
  readonly threshold: number
  readonly openMs: number
  /** Time between operations. */
  readonly everyMs: number
  readonly failMs: number
}

/** A breaker by the book, and what a ledger and a history would show of it. */
function simulate({ threshold, openMs, everyMs, failMs }: Model): ExperimentEvidence {
  const calls: number[] = []
  const operations = []
  let failures = 0
  let openUntil = 0
  let trialUntil = 0
  for (let at = 0, id = 0; at < end; at += everyMs, id++) {
    const isOpen = at < openUntil || at < trialUntil
    const isHurt = at >= faultFrom && at < faultTo
    if (!isOpen) calls.push(at)
    if (!isOpen && isHurt) {
      failures++
      if (openUntil > 0) trialUntil = at + failMs
      if (failures >= threshold) openUntil = at + failMs + openMs
    }
    if (!isOpen && !isHurt) failures = openUntil = 0
    operations.push(
      operation({ id, name: 'ask', startedAt: at, latencyMs: isOpen ? 2 : isHurt ? failMs : 20 }),
    )
  }
  return evidence(calls, operations)
}

function evidence(
  calls: readonly number[],
  operations: ExperimentEvidence['history']['operations'],
): ExperimentEvidence {
  const samples: LinkSample[] = Array.from({ length: end / 50 }, (_, index) => {
    const at = index * 50
    return { at, accepted: 2, open: 2, bytesUp: calls.filter((call) => call <= at).length * 250 }
  })
  return {
    history: {
      operations,
      shed: 0,
      phases: [
        { name: 'baseline', from: 0, to: faultFrom },
        { name: 'fault', from: faultFrom, to: faultTo },
        { name: 'recovery', from: faultTo, to: Number.POSITIVE_INFINITY },
      ],
    },
    links: { [link]: samples },
    health: [],
    injections: [],
    rolledBackAt: faultTo,
  }
}

const promise: BreakerPromise = {
  link,
  of: 'ask',
  opensWithinCalls: 12,
  openMs: 1000,
  failsFastMs: 50,
  closesWithinMs: 2000,
}

const outcomes = (seen: ExperimentEvidence, over: Partial<BreakerPromise> = {}) =>
  breaker({ ...promise, ...over }).map((one) => one.check(seen, 'fault').outcome)

test('a breaker by the book keeps every promise', () => {
  const models = fc.record({
    threshold: fc.integer({ min: 1, max: 8 }),
    openMs: fc.constant(1000),
    everyMs: fc.integer({ min: 60, max: 200 }),
    failMs: fc.constant(10),
  })
  fc.assert(
    fc.property(models, (model) => {
      expect(outcomes(simulate(model))).toEqual(Array.from({ length: 6 }, () => 'held'))
    }),
  )
})

const neverOpens = { threshold: Number.POSITIVE_INFINITY, openMs: 1000, everyMs: 100, failMs: 10 }

test('a breaker that never opens is found out, and nothing is said of what it does when open', () => {
  expect(outcomes(simulate(neverOpens))).toEqual([
    ...['broken', 'inconclusive', 'inconclusive', 'held', 'held'],
    'inconclusive',
  ])
})

test('a breaker that opens late is found out', () => {
  expect(outcomes(simulate({ ...neverOpens, threshold: 30 }))[0]).toBe('broken')
})

test('an open breaker that keeps its callers waiting doesn’t fail fast', () => {
  const seen = simulate({ ...neverOpens, threshold: 5 })
  const operations = seen.history.operations.map((one) =>
    one.startedAt > 4000 && one.startedAt < faultTo ? { ...one, endedAt: one.startedAt + 500 } : one,
  )
  expect(outcomes({ ...seen, history: { ...seen.history, operations } })[2]).toBe('broken')
})

test('trials more often than promised are found out', () => {
  expect(outcomes(simulate({ ...neverOpens, threshold: 5, openMs: 1000 }), { openMs: 1000 })[1]).toBe('held')
  expect(outcomes(simulate({ ...neverOpens, threshold: 5, openMs: 600 }), { openMs: 1000 })[1]).toBe('broken')
})

test('a breaker that somebody closes before its time is found out', () => {
  const seen = simulate({ ...neverOpens, threshold: 5, openMs: 700 })
  expect(outcomes(seen, { openMs: 700 })[5]).toBe('held')
  expect(outcomes(seen, { openMs: 1000 })[5]).toBe('broken')
})

test('a ledger that answers late makes no silence shorter', () => {
  const seen = simulate({ ...neverOpens, threshold: 5 })
  const samples = seen.links[link]!
  const answeredLate = (looks: number, told: Partial<LinkSample>) =>
    samples.map((sample, index) => ({
      ...sample,
      ...told,
      bytesUp: samples[Math.max(0, index - looks)]!.bytesUp,
    }))
  const mixed = (told: Partial<LinkSample>) =>
    answeredLate(6, told).map((late, index) => (samples[index]!.at % 5000 < 2500 ? late : samples[index]!))
  expect(outcomes({ ...seen, links: { [link]: mixed({}) } })[5]).toBe('broken')
  expect(outcomes({ ...seen, links: { [link]: mixed({ tookMs: 300 }) } })[5]).toBe('held')
})

test('a call that is long on its way makes no silence shorter', () => {
  // Let through at 2400, just before it opens; on the link at 2600, and given up at 2800. The trial comes in its time, at 3420.
  const calls = [2100, 2200, 2300, 2600, 3420]
  const operations = Array.from({ length: 40 }, (_, id) => {
    const startedAt = 2000 + id * 100
    return operation({ id, name: 'ask', startedAt, latencyMs: startedAt <= 2400 ? 400 : 2 })
  })
  const seen = evidence(calls, operations)
  expect(outcomes(seen, { failsFastMs: 500 })[5]).toBe('broken')
  expect(outcomes(seen)[5]).toBe('held')
})

test('a breaker that stays open after the roll-back is found out', () => {
  const seen = simulate({ ...neverOpens, threshold: 5 })
  const samples = seen.links[link]!
  const atRollBack = samples.findLast(({ at }) => at <= faultTo)!
  const silent = samples.map((sample) => (sample.at > faultTo ? { ...atRollBack, at: sample.at } : sample))
  expect(outcomes({ ...seen, links: { [link]: silent } })[3]).toBe('broken')
})

test('a breaker that closes too late is found out, although it closes', () => {
  const late = simulate({ ...neverOpens, threshold: 5 })
  const held = late.links[link]!.findLast(({ at }) => at <= faultTo)!.bytesUp
  const samples = late.links[link]!.map((sample) =>
    sample.at > faultTo && sample.at < faultTo + 2500 ? { ...sample, bytesUp: held } : sample,
  )
  expect(outcomes({ ...late, links: { [link]: samples } })[3]).toBe('broken')
  expect(outcomes({ ...late, links: { [link]: samples } }, { closesWithinMs: 2600 })[3]).toBe('held')
})

test('a link that nobody wants is not an open breaker', () => {
  const idle = simulate({ ...neverOpens, everyMs: 5000 })
  expect(outcomes(idle).slice(0, 3)).toEqual(['inconclusive', 'inconclusive', 'inconclusive'])
})

test('many connections at once after the roll-back are a herd', () => {
  const seen = simulate({ ...neverOpens, threshold: 5 })
  const herd = seen.links[link]!.map((sample) =>
    sample.at > faultTo ? { ...sample, open: 9, accepted: 9 } : sample,
  )
  expect(outcomes({ ...seen, links: { [link]: herd } })[4]).toBe('broken')
})

test('without a ledger nothing is said', () => {
  const seen = simulate(neverOpens)
  expect(new Set(outcomes({ ...seen, links: {} }))).toEqual(new Set(['inconclusive']))
})

/** The same with a ledger that reads requests: `each` on the link for every burst of bytes. */
const withRequests = (seen: ExperimentEvidence, each: number): ExperimentEvidence => ({
  ...seen,
  links: {
    [link]: seen.links[link]!.map((sample) => ({ ...sample, requests: (sample.bytesUp / 250) * each })),
  },
})

const injected = (fault: string) => ({ injections: [{ fault, target: link, window: '0s-', bit: true }] })

test('a link that is down shows no calls, so that nothing is said', () => {
  expect(new Set(outcomes({ ...simulate(neverOpens), ...injected('link-down') }))).toEqual(
    new Set(['inconclusive']),
  )
})

test('of resets, a ledger behind them shows no calls, and one before them does', () => {
  const seen = { ...simulate(neverOpens), ...injected('reset') }
  const behind = seen.links[link]!.map((sample) => ({ ...sample, isBehindFaults: true }))
  expect(outcomes(seen)[0]).toBe('broken')
  expect(new Set(outcomes({ ...seen, links: { [link]: behind } }))).toEqual(new Set(['inconclusive']))
})

/** A ledger that reads requests, of which every one under the fault has failed by the time of the next look. */
function failing(threshold: number): ExperimentEvidence {
  const seen = withRequests(simulate({ ...neverOpens, threshold }), 1)
  const before = seen.links[link]!.findLast(({ at }) => at < faultFrom)!.requests!
  const samples = seen.links[link]!.map((sample) => ({
    ...sample,
    failedRequests: Math.max(0, sample.requests! - before),
  }))
  return { ...seen, links: { [link]: samples } }
}

test('a breaker that opens before enough calls failed is found out where requests are read', () => {
  const due = { opensAfterFailures: 5 }
  expect(outcomes(failing(1), due)[0]).toBe('broken')
  expect(outcomes(failing(8), due)[0]).toBe('held')
  expect(outcomes(simulate({ ...neverOpens, threshold: 8 }), due)[0]).toBe('inconclusive')
})

test('a ledger that answers late doesn’t make a breaker look too eager', () => {
  const seen = failing(5)
  const samples = seen.links[link]!
  const late = (told: Partial<LinkSample>) => ({
    ...seen,
    links: {
      [link]: samples.map((sample, index) => ({
        ...sample,
        ...told,
        failedRequests: samples[Math.max(0, index - 4)]!.failedRequests ?? 0,
      })),
    },
  })
  const due = { opensAfterFailures: 5 }
  expect(outcomes(late({}), due)[0]).toBe('broken')
  expect(outcomes(late({ tookMs: 200 }), due)[0]).toBe('held')
})

test('a fault that acts while it is still being put on doesn’t make a breaker look too eager', () => {
  const seen = failing(5)
  const [baseline, fault, recovery] = seen.history.phases
  const from = faultFrom + 250
  const phases = [{ ...baseline!, to: from }, { ...fault!, from }, recovery!]
  const later = { ...seen, history: { ...seen.history, phases } }
  const due = { opensAfterFailures: 5 }
  expect(outcomes(later, due)[0]).toBe('broken')
  expect(outcomes({ ...later, injectedAt: faultFrom - 10 }, due)[0]).toBe('held')
})

test('many requests at one moment are counted one by one: a storm of trials is found out', () => {
  const seen = simulate({ ...neverOpens, threshold: 5 })
  expect(outcomes(withRequests(seen, 1))).toEqual(outcomes(seen))
  expect(outcomes(withRequests(seen, 10)).slice(0, 2)).toEqual(['broken', 'broken'])
})

test('bytes that are no request are no call', () => {
  const seen = simulate(neverOpens)
  const chatty = seen.links[link]!.map((sample) => ({ ...sample, requests: 3 }))
  expect(outcomes({ ...seen, links: { [link]: chatty } })[0]).toBe('held')
})
