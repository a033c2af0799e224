/** Generators of simulated runs, for properties that must hold whatever happened. */
import fc from 'fast-check'
import type { Attempt } from '#run'
import type { LinkName } from '#topology'
import {
  answeredError,
  attempt,
  definition,
  ownCode,
  passed,
  peerGone,
  rerun,
  signal,
  soundWorld,
  type TrueEnd,
  type TrueOutage,
  timedOut,
  type World,
  wrongValue,
} from './world.test-data.ts'

const lastMs = 14_000

const span = fc
  .tuple(fc.integer({ min: 0, max: lastMs }), fc.integer({ min: 300, max: 6_000 }))
  .map(([from, length]) => ({ from, to: from + length }))

export const links = [
  'app/database',
  'app/auth',
  'app/model',
  'app/analytics',
  'client/app',
  'control',
] as const

export function outageOn(on: readonly (LinkName | 'control')[]): fc.Arbitrary<TrueOutage> {
  return fc
    .tuple(
      fc.constantFrom(...on),
      fc.constantFrom('refused', 'no-answer', 'cut', 'name-gone', 'unwell'),
      span,
    )
    .map(([link, outcome, when]) => ({ on: link, outcome, ...when }) as TrueOutage)
}

/** An outage that hits one kind of connection, or some looks only. */
export function partialOutageOn(on: readonly (LinkName | 'control')[]): fc.Arbitrary<TrueOutage> {
  return fc
    .tuple(
      outageOn(on),
      fc.constantFrom(undefined, 'new' as const, 'kept' as const),
      fc.integer({ min: 1, max: 6 }),
    )
    .map(([outage, connection, every]) => ({ ...outage, every, ...(connection && { connection }) }))
}

export const end: fc.Arbitrary<TrueEnd> = fc
  .tuple(fc.constantFrom('itself', 'platform', 'hang'), span)
  .map(([by, when]) => ({ by, ...when }) as TrueEnd)

const claims = fc.subarray(['database', 'auth', 'model', 'analytics'])
const families = [
  'peer-gone',
  'no-answer',
  'cut-short',
  'name-gone',
  'answered-error',
  'trust',
  'starved',
  'unknown',
] as const

/** A failed attempt of any kind, with any claims. */
export function failure(testId: string): fc.Arbitrary<Attempt> {
  return fc
    .tuple(
      fc.integer({ min: 1_500, max: lastMs }),
      fc.integer({ min: 2, max: 4_000 }),
      claims,
      fc.constantFrom('503', '500', '502'),
      fc.constantFrom('application', 'unknown', 'intermediary'),
      fc.constantFrom(...families),
      fc.constantFrom('error', 'error', 'timeout', 'timeout', 'reset', 'value', 'code', 'bare', 'limit'),
    )
    .map(([from, length, named, code, producer, family, kind]) => {
      const to = from + length
      switch (kind) {
        case 'error':
          return answeredError(testId, from, to, { claims: named, code, producer: producer as 'unknown' })
        case 'timeout':
          return timedOut(testId, from, to, { claims: named })
        case 'reset':
          return peerGone(testId, from, to)
        case 'value':
          return wrongValue(testId, from, to)
        case 'code':
          return ownCode(testId, from)
        case 'limit':
          return { ...timedOut(testId, from, to), ownTimeoutMs: length }
        default:
          return attempt(testId, { from, to, signals: [signal(family)] })
      }
    })
}

const spans = (max: number) => fc.array(span, { maxLength: max })
const rarely = <Value>(values: fc.Arbitrary<Value[]>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant<Value[]>([]) }, { weight: 1, arbitrary: values })

/** Any run: outages on and off the path, ends, gaps, lag, claims, reruns. Parts can be fixed by `given`. */
export function anyWorld(given: Partial<World> = {}): fc.Arbitrary<World> {
  const parts = fc.record({
    outages: fc.array(fc.oneof(outageOn(links), partialOutageOn(links)), { maxLength: 3 }),
    slow: rarely(
      fc.array(
        fc
          .tuple(span, fc.integer({ min: 5, max: 900 }))
          .map(([when, tookMs]) => ({ on: 'app/database' as const, tookMs, ...when })),
        { maxLength: 1 },
      ),
    ),
    othersSessions: fc.constantFrom(null, 5, 90),
    ends: rarely(fc.array(end, { maxLength: 2 })),
    gaps: rarely(spans(2)),
    starved: rarely(spans(2)),
    busy: rarely(spans(1)),
    attempts: fc.tuple(failure('a'), failure('b'), failure('c')).map((list): Attempt[] => list),
    again: fc.constantFrom('no', 'passes', 'fails'),
    tier: fc.constantFrom('T3', 'T2'),
    platform: rarely(
      fc.array(
        fc.record({
          service: fc.constantFrom('database', 'auth', 'model'),
          event: fc.constantFrom('stopped', 'exited', 'started'),
          at: fc.integer({ min: 0, max: lastMs }),
        }),
        { maxLength: 2 },
      ),
    ),
  })
  return parts.map(({ again, ...world }): World => {
    const merged = { ...soundWorld, ...world, ...given } as World
    const rerunAt = 18_000
    const later: Attempt[] =
      again === 'passes'
        ? [passed('a', 2, rerunAt + 50, rerunAt + 80), passed('a', 3, rerunAt + 500, rerunAt + 530)]
        : again === 'fails'
          ? [{ ...timedOut('a', rerunAt + 50, rerunAt + 1_000), n: 2 }]
          : []
    return {
      ...merged,
      durationMs: 22_000,
      tests: ['a', 'b', 'c'].map((id) => definition(id)),
      attempts: [...merged.attempts, ...later],
      more: again === 'no' ? merged.more : [...merged.more, rerun(1, ['a'], rerunAt)],
    }
  })
}
