import { expect, test } from 'vitest'
import { projectEvidence } from '#evidence'
import type { JournalRecord } from '#journal'
import type { Attempt } from '#run'
import { judge } from './judge.ts'
import {
  answeredError,
  definition,
  exchange,
  ownCode,
  peerGone,
  recordsOf,
  soundWorld,
  type TrueOutage,
  t0,
  timedOut,
  type World,
  wrongValue,
} from './world.test-data.ts'

const away: TrueOutage = { on: 'app/database', outcome: 'refused', from: 3_000, to: 99_000 }

function incidents(
  world: Partial<World>,
  order: (records: JournalRecord[]) => JournalRecord[] = (all) => all,
) {
  const tests = ['a', 'b', 'c'].map((id) => definition(id))
  const records = recordsOf({ ...soundWorld, tests, ...world })
  return judge(projectEvidence(order(records))).incidents
}

const members = (world: Partial<World>) =>
  incidents(world).map((incident) => incident.members.map(({ testId }) => testId).join(' '))

test('failures of one family at one time are one incident', () => {
  const attempts = [answeredError('a', 4_000, 4_020), answeredError('b', 4_500, 4_520)]
  expect(members({ outages: [away], attempts })).toEqual(['a b'])
})

test('failures far apart are two incidents', () => {
  const attempts = [answeredError('a', 4_000, 4_020), answeredError('b', 9_000, 9_020)]
  expect(members({ outages: [away], attempts })).toEqual(['a', 'b'])
})

test('another family is another incident', () => {
  const attempts = [answeredError('a', 4_000, 4_020), timedOut('b', 4_000, 4_500)]
  expect(members({ outages: [away], attempts })).toHaveLength(2)
})

test('a member with contrary evidence leaves', () => {
  const attempts = [answeredError('a', 4_000, 4_020), wrongValue('b', 4_005, 4_015)]
  expect(
    incidents({ outages: [away], attempts })
      .map(({ verdict }) => verdict.class)
      .toSorted(),
  ).toEqual(['application', 'infrastructure'])
})

test('whatever fell into one end of the application belongs to that end', () => {
  const attempts = [
    peerGone('a', 4_900, 5_001),
    timedOut('b', 4_800, 5_900),
    answeredError('c', 5_001, 5_002),
  ]
  expect(members({ ends: [{ from: 5_000, to: 6_000, by: 'itself' }], attempts })).toEqual(['b a c'])
})

test('a test that was blocked before the suites belongs to what was found then', () => {
  const found = incidents({
    outages: [{ ...away, from: 0 }],
    more: [
      {
        at: t0 + 6_000,
        source: 'x',
        kind: 'pre-flight',
        data: { ready: false, waitedMs: 5_000, down: ['database'] },
      },
    ],
    blocked: [{ testId: 'a', at: t0 + 6_100, blockedBy: ['database'], strategy: 'graceful-skip' }],
  })
  expect(found).toMatchObject([{ preFlight: true, members: [{ testId: 'a', n: null }] }])
})

test('ids are the same for the same evidence, in whatever order it was written', () => {
  const world = { outages: [away], attempts: [answeredError('a', 4_000, 4_020), timedOut('b', 4_000, 4_500)] }
  const ids = (order?: (records: JournalRecord[]) => JournalRecord[]) =>
    incidents(world, order).map(({ id }) => id)
  expect(ids((records) => records.toReversed())).toEqual(ids())
})

test('a mistake in the test’s code is less sure where an answer may have lacked what it reads', () => {
  const verdictOf = (name: string, exchanges: Attempt['exchanges']) =>
    incidents({ attempts: [{ ...ownCode('a', 4_000, { name }), exchanges }] })[0]!.verdict
  const answers = [exchange(3_900, 3_950)]
  const alone = verdictOf('TypeError', [])
  const after = verdictOf('TypeError', answers)
  expect([alone.reason, after.reason]).toEqual(['own-code', 'own-code'])
  expect(after.confidence).toBeLessThan(alone.confidence - 0.1)
  expect(verdictOf('ReferenceError', answers).confidence).toBe(alone.confidence)
})
