/** What must never happen: a pass or a hold while a defect stood. The defects here are true in the simulated run. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide } from '#decision'
import { projectEvidence, type Tier } from '#evidence'
import { anyWorld, links, outageOn } from './arbitrary.test-data.ts'
import { judge } from './judge.ts'
import {
  answeredError,
  definition,
  passed,
  peerGone,
  recordsOf,
  rerun,
  type TrueEnd,
  timedOut,
  type World,
  wrongValue,
} from './world.test-data.ts'

const tiers: readonly Tier[] = ['T0', 'T1', 'T2', 'T3']

function exitOf(world: World, tier: Tier): number {
  const evidence = projectEvidence(recordsOf({ ...world, tier: 'T3' }), { tier })
  const checks = { release: null, injections: [], broken: [] }
  return decide({ ...judge(evidence), checks, policy: evidence.run.policy }).exitCode
}

function neverExcused(worlds: fc.Arbitrary<World>, tier: Tier): void {
  fc.assert(
    fc.property(worlds, (world) => {
      expect([0, 75]).not.toContain(exitOf(world, tier))
    }),
    { numRuns: 100 },
  )
}

const at = fc.integer({ min: 2_000, max: 12_000 })
const healing = fc.array(
  outageOn(links).map((outage) => ({ ...outage, to: Math.min(outage.to, 15_000) })),
  { maxLength: 3 },
)

test.each(tiers)('a wrong value is never excused, whatever else went wrong, at %s', (tier) => {
  const worlds = fc.tuple(anyWorld(), at).map(([world, when]) => ({
    ...world,
    attempts: [...world.attempts.filter(({ testId }) => testId !== 'a'), wrongValue('a', when, when + 20)],
  }))
  neverExcused(worlds, tier)
})

test.each(tiers)(
  'a defect beside an outage that heals is never excused once the rerun fails again, at %s',
  (tier) => {
    const worlds = fc.tuple(anyWorld(), healing, at).map(([world, outages, when]) => ({
      ...world,
      ...{ outages, slow: [], gaps: [], ends: [], starved: [], platform: [] },
      attempts: [answeredError('a', when, when + 20), { ...timedOut('a', 18_100, 20_000), n: 2 }],
      more: [rerun(1, ['a'], 18_000)],
    }))
    neverExcused(worlds, tier)
  },
)

test.each(tiers)('a crash that no outage was near is never excused by the runner or a gap, at %s', (tier) => {
  const crashes = fc.tuple(anyWorld({ outages: [] }), at).map(([world, when]) => {
    const ends: TrueEnd[] = [{ from: when, to: when + 1_500, by: 'itself' }]
    const attempts = [peerGone('a', when - 100, when + 1), timedOut('b', when - 50, when + 1_400)]
    return { ...world, ends, platform: [], attempts, more: [] }
  })
  neverExcused(crashes, tier)
})

test.each(tiers)('an application that hangs is never excused by a starved runner, at %s', (tier) => {
  const hangs = fc.tuple(anyWorld({ outages: [] }), at).map(([world, when]) => {
    const ends: TrueEnd[] = [{ from: when, to: when + 6_000, by: 'hang' }]
    return { ...world, ends, platform: [], attempts: [timedOut('a', when + 100, when + 5_000)], more: [] }
  })
  neverExcused(hangs, tier)
})

test.each(tiers)('time-outs on a sound path are never excused, at %s', (tier) => {
  const leaks = fc
    .tuple(anyWorld({ outages: [], slow: [], ends: [], starved: [] }), at)
    .map(([world, when]) => ({
      ...world,
      ...{ platform: [], attempts: [timedOut('a', when, when + 5_000)], more: [] },
    }))
  neverExcused(leaks, tier)
})

test.each(tiers)(
  'a defect is never excused by an outage of what the application can do without, at %s',
  (tier) => {
    const errors = fc.tuple(anyWorld(), outageOn(['app/analytics']), at).map(([world, outage, when]) => ({
      ...world,
      ...{ outages: [outage], slow: [], ends: [], starved: [], platform: [], more: [] },
      attempts: [answeredError('a', when, when + 20, { claims: ['analytics'] })],
    }))
    neverExcused(errors, tier)
  },
)

test.each(tiers)('a slow link excuses no defect that ends within less time than it adds, at %s', (tier) => {
  const errors = fc
    .tuple(anyWorld(), at, fc.integer({ min: 200, max: 900 }))
    .map(([world, when, tookMs]) => ({
      ...world,
      ...{ outages: [], ends: [], starved: [], platform: [], more: [] },
      slow: [{ on: 'app/database' as const, tookMs, from: when - 1_500, to: when + 1_500 }],
      attempts: [answeredError('a', when, when + 100, { claims: ['database'] })],
    }))
  neverExcused(errors, tier)
})

test('a victim is cleared only when it passed often enough, after everything on its path was seen well again', () => {
  const worlds = fc.tuple(anyWorld({ ends: [], gaps: [] }), healing, at, fc.integer({ min: 0, max: 3 }))
  fc.assert(
    fc.property(worlds, ([world, outages, when, passes]) => {
      const again = Array.from({ length: passes }, (_, n) =>
        passed('a', n + 2, 18_100 + n * 300, 18_200 + n * 300),
      )
      const attempts = [answeredError('a', when, when + 20), ...again]
      const tests = [definition('a')]
      const more = [rerun(1, ['a'], 18_000)]
      const evidence = projectEvidence(recordsOf({ ...world, outages, platform: [], tests, attempts, more }))
      const [found] = judge(evidence).tests
      if (found?.cleared) {
        expect(passes).toBeGreaterThanOrEqual(2)
        expect(found.verdict?.class).toBe('infrastructure')
        expect(
          [...outages, ...world.slow].some(
            (outage) => outage.from - 1_500 <= when && when <= outage.to + 1_500,
          ),
        ).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})
