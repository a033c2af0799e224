import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ExperimentEvidence, LinkSample } from '../evidence.ts'
import { evidenceOf, operation } from '../history.test-data.ts'
import {
  breakerSaysSo,
  breakerStaysClosed,
  callsPerOperation,
  connectionsBounded,
  retriesBackOff,
} from './link.ts'
import type { WantedLink } from './on-link.ts'

const link = 'app/model'
const wanted: WantedLink = { link, of: 'ask' }
const end = 6000

/** The fault acts from 1000 to 5000. */
const phases = [
  { name: 'baseline' as const, from: 0, to: 1000 },
  { name: 'fault' as const, from: 1000, to: 5000 },
  { name: 'recovery' as const, from: 5000, to: end },
]

interface Seen {
  /** When calls went over the link. */
  readonly calls?: readonly number[]
  /** When operations that want it were due, each for 100 ms unless `lastsMs` says otherwise. */
  readonly asked?: readonly number[]
  readonly lastsMs?: number
  readonly open?: (at: number) => number
  readonly reads?: boolean
  readonly others?: ExperimentEvidence['history']['operations']
}

function seen({ calls = [], asked = [], lastsMs = 100, open = () => 1, reads = true, others = [] }: Seen) {
  const samples: LinkSample[] = Array.from({ length: end / 50 + 1 }, (_, index) => {
    const at = index * 50
    const requests = calls.filter((call) => call <= at).length
    return { at, accepted: 1, open: open(at), bytesUp: requests * 250, ...(reads && { requests }) }
  })
  const asks = asked.map((startedAt, id) => operation({ id, name: 'ask', startedAt, latencyMs: lastsMs }))
  const evidence = evidenceOf([...asks, ...others], { links: { [link]: samples } })
  return { ...evidence, history: { ...evidence.history, phases } }
}

const every = (ms: number, from = 0, to = end) =>
  Array.from({ length: Math.floor((to - from) / ms) }, (_, index) => from + index * ms)

test('a breaker that lets each call through stays closed', () => {
  const staysClosed = breakerStaysClosed({ ...wanted, openMs: 1000 })
  const asked = every(100)
  expect(staysClosed.check(seen({ asked, calls: asked }), 'fault').outcome).toBe('held')
})

test('a breaker that is silent while it is wanted did not stay closed', () => {
  const staysClosed = breakerStaysClosed({ ...wanted, openMs: 1000 })
  const asked = every(100)
  const calls = asked.filter((at) => at < 2000 || at > 3000)
  expect(staysClosed.check(seen({ asked, calls }), 'fault').outcome).toBe('broken')
})

test('of a breaker that nobody wants nothing is said', () => {
  expect(breakerStaysClosed({ ...wanted, openMs: 1000 }).check(seen({}), 'fault').outcome).toBe(
    'inconclusive',
  )
})

test('calls are within their bound exactly when there are no more for each operation', () => {
  const each = fc.record({ times: fc.integer({ min: 1, max: 6 }), atMost: fc.integer({ min: 1, max: 6 }) })
  fc.assert(
    fc.property(each, ({ times, atMost }) => {
      const asked = every(300, 1200, 4800)
      const calls = asked.flatMap((at) => Array.from({ length: times }, () => at))
      const { outcome } = callsPerOperation({ ...wanted, atMost }).check(seen({ asked, calls }), 'fault')
      expect(outcome).toBe(times <= atMost ? 'held' : 'broken')
    }),
  )
})

test('where requests aren’t read, too many calls are found, and few prove nothing', () => {
  const asked = every(1000, 1200, 4800)
  const check = (calls: readonly number[]) =>
    callsPerOperation({ ...wanted, atMost: 2 }).check(seen({ asked, calls, reads: false }), 'fault').outcome
  expect(check(every(100, 1200, 4800))).toBe('broken')
  expect(check(asked)).toBe('inconclusive')
})

/** One operation from 1500 to 4500 that is sent at these times. */
const alone = (calls: readonly number[]) => seen({ asked: [1500], lastsMs: 3000, calls })

test.each([
  ['waits that double', [1500, 1700, 2100, 2900], 'held'],
  ['no wait at all', [1500, 1500, 1500], 'broken'],
  ['waits that are too short', [1500, 1550, 1600], 'broken'],
  ['waits that don’t grow', [1500, 2100, 2700, 3300], 'broken'],
  ['nothing sent again', [1500], 'inconclusive'],
])('retries with %s', (_, calls, outcome) => {
  const backOff = retriesBackOff({ ...wanted, atLeastMs: 200, growth: 2 })
  expect(backOff.check(alone(calls), 'fault').outcome).toBe(outcome)
})

test('of operations that overlap nobody knows whose call was whose', () => {
  const evidence = seen({ asked: [1500, 2000], lastsMs: 1500, calls: [1500, 1550, 2000, 2050] })
  expect(retriesBackOff({ ...wanted, atLeastMs: 200 }).check(evidence, 'fault').outcome).toBe('inconclusive')
})

test('connections that pile up are found, those of before the fault are not counted', () => {
  const bounded = connectionsBounded({ link, atMost: 5 })
  expect(bounded.check(seen({ open: (at) => (at < 1000 ? 50 : 5) }), 'fault').outcome).toBe('held')
  expect(bounded.check(seen({ open: (at) => at / 500 }), 'fault').outcome).toBe('broken')
  expect(bounded.check(evidenceOf([]), 'fault').outcome).toBe('inconclusive')
})

/** The breaker is open from 2000 to 4000. */
const opened = {
  asked: every(100),
  calls: every(100).filter((at) => at < 2000 || at >= 4000),
}
const word = (at: number, state: string) =>
  operation({ id: at, name: 'metrics', startedAt: at, read: { key: 'model', values: [state] } })
const saysSo = breakerSaysSo({ ...wanted, says: 'metrics', key: 'model', openMs: 1000, toleranceMs: 200 })

test('a breaker that says what the link shows tells the truth', () => {
  const others = [word(1500, 'closed'), word(3000, 'open'), word(3500, 'half-open'), word(4500, 'closed')]
  expect(saysSo.check(seen({ ...opened, others }), 'fault').outcome).toBe('held')
})

test('a breaker that says it is closed while nothing is sent lies', () => {
  const others = [word(1500, 'closed'), word(3000, 'closed')]
  expect(saysSo.check(seen({ ...opened, others }), 'fault')).toMatchObject({
    outcome: 'broken',
    counterExample: expect.stringContaining('says "closed"'),
  })
})

test('a breaker that says it is open while all is sent lies', () => {
  const others = [word(3000, 'open')]
  expect(saysSo.check(seen({ asked: every(100), calls: every(100), others }), 'fault').outcome).toBe('broken')
})

test('a word at the edge of a silence proves nothing', () => {
  expect(saysSo.check(seen({ ...opened, others: [word(2100, 'closed')] }), 'fault').outcome).toBe(
    'inconclusive',
  )
  expect(saysSo.check(seen(opened), 'fault').outcome).toBe('inconclusive')
})
