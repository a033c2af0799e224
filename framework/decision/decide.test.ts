import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AttemptJudgement, Incident, TestJudgement, Verdict } from '#verdict'
import { type Checks, type DecisionInput, decide } from './decide.ts'

const sound: Checks = { release: null, injections: [], broken: [] }
const policy = { minimumTests: 1, passesToClear: 2, raceSuspected: 'undecided' } as const

function verdict(change: Partial<Verdict>): Verdict {
  const made = {
    class: 'inconclusive',
    scope: null,
    subject: 'app',
    reason: 'missing-data',
    confidence: 0.8,
    tier: 'T2',
  } as const
  return { ...made, evidence: { for: [], against: [] }, ...change }
}

const application = verdict({ class: 'application', reason: 'exited' })
const atTest = verdict({ class: 'test', subject: 'a', reason: 'bad-url' })
const infrastructure = verdict({
  class: 'infrastructure',
  scope: 'environment',
  subject: 'app/database',
  reason: 'link-down',
})
const inconclusive = verdict({})
const race = verdict({ reason: 'race-suspected' })

function result(testId: string, change: Partial<TestJudgement> = {}): TestJudgement {
  return {
    testId,
    required: true,
    outcome: 'passed',
    cleared: false,
    blockedBy: [],
    incident: null,
    verdict: null,
    ...change,
  }
}

const failed = (testId: string, found: Verdict, change: Partial<TestJudgement> = {}) =>
  result(testId, { outcome: 'failed', verdict: found, incident: 'i', ...change })

function input(tests: readonly TestJudgement[], change: Partial<DecisionInput> = {}): DecisionInput {
  const attempts: AttemptJudgement[] = tests.flatMap((each) =>
    each.verdict && each.outcome !== 'blocked'
      ? [{ testId: each.testId, n: 1, verdict: each.verdict, incident: 'i' }]
      : [],
  )
  return { incidents: [], attempts, tests, checks: sound, policy, ...change }
}

function incident(found: Verdict): Incident {
  return { id: 'i', verdict: found, members: [], window: { from: 0, to: 1 }, preFlight: true }
}

const ok = result('ok')
const cleared = result('c', { verdict: infrastructure, cleared: true, incident: 'i' })
const blockedFor = (found: Verdict | null) =>
  result('b', { outcome: 'blocked', blockedBy: ['database'], verdict: found })

const table: readonly [what: string, DecisionInput, exit: number, codes: readonly string[]][] = [
  ['everything passed', input([ok]), 0, []],
  ['a cleared victim', input([ok, cleared]), 0, ['cleared']],
  ['a skipped test beside a passed one', input([ok, result('s', { outcome: 'skipped' })]), 0, []],
  ['an optional failure', input([ok, failed('o', application, { required: false })]), 0, []],
  ['an application verdict', input([ok, failed('a', application)]), 1, ['application']],
  ['a test verdict', input([ok, failed('a', atTest)]), 1, ['test']],
  [
    'an application verdict on a test that passed later',
    input([ok, result('a', { verdict: application })]),
    1,
    ['application'],
  ],
  ['an inconclusive verdict', input([ok, failed('a', inconclusive)]), 3, ['inconclusive']],
  ['a suspected race', input([ok, result('a', { verdict: race })]), 3, ['race-suspected']],
  [
    'a suspected race that policy blocks',
    input([ok, result('a', { verdict: race })], { policy: { ...policy, raceSuspected: 'block' } }),
    1,
    ['race-suspected'],
  ],
  ['an infrastructure verdict', input([ok, failed('a', infrastructure)]), 75, ['infrastructure']],
  [
    'a victim that passed without being cleared',
    input([ok, result('a', { verdict: infrastructure })]),
    75,
    ['infrastructure'],
  ],
  ['a test blocked for infrastructure', input([ok, blockedFor(infrastructure)]), 75, ['infrastructure']],
  ['a test blocked for the application', input([ok, blockedFor(application)]), 1, ['application']],
  ['a test blocked for nobody knows what', input([ok, blockedFor(inconclusive)]), 3, ['inconclusive']],
  ['a blocked test without a verdict', input([ok, blockedFor(null)]), 3, ['no-verdict']],
  [
    'application before infrastructure',
    input([failed('a', infrastructure), failed('b', application)]),
    1,
    ['application', 'infrastructure'],
  ],
  [
    'undecided before hold',
    input([failed('a', infrastructure), failed('b', inconclusive)]),
    3,
    ['inconclusive', 'infrastructure'],
  ],
  [
    'an application verdict before the suites',
    input([blockedFor(infrastructure)], { incidents: [incident(application)] }),
    1,
    ['application', 'infrastructure'],
  ],
  [
    'infrastructure before the suites',
    input([blockedFor(infrastructure)], { incidents: [incident(infrastructure)] }),
    75,
    ['infrastructure', 'infrastructure'],
  ],
  ['no tests', input([]), 3, ['too-few-tests']],
  ['only skipped tests', input([result('s', { outcome: 'skipped' })]), 3, ['too-few-tests']],
  [
    'fewer tests than policy asks',
    input([ok], { policy: { ...policy, minimumTests: 2 } }),
    3,
    ['too-few-tests'],
  ],
  [
    'blocked tests count as selected',
    input([ok, blockedFor(infrastructure)], { policy: { ...policy, minimumTests: 2 } }),
    75,
    ['infrastructure'],
  ],
  ['a test that is missing', input([ok, result('m', { outcome: 'missing' })]), 3, ['missing-test']],
  [
    'the release that was asked for',
    input([ok], { checks: { ...sound, release: { expected: 'b1', seen: ['b1'] } } }),
    0,
    [],
  ],
  [
    'another release',
    input([ok], { checks: { ...sound, release: { expected: 'b2', seen: ['b1'] } } }),
    3,
    ['wrong-release'],
  ],
  [
    'a roll-out during the run',
    input([ok], { checks: { ...sound, release: { expected: 'b1', seen: ['b1', 'b2'] } } }),
    3,
    ['wrong-release'],
  ],
  [
    'no release seen',
    input([ok], { checks: { ...sound, release: { expected: 'b1', seen: [] } } }),
    3,
    ['unknown-release'],
  ],
  [
    'a fault that bit',
    input([ok], { checks: { ...sound, injections: [{ fault: 'cpu', target: 'runner', bit: true }] } }),
    0,
    [],
  ],
  [
    'a fault that did not bite',
    input([ok], { checks: { ...sound, injections: [{ fault: 'cpu', target: 'runner', bit: false }] } }),
    3,
    ['injection-did-not-bite'],
  ],
  [
    'a fault that nobody can tell of',
    input([ok], { checks: { ...sound, injections: [{ fault: 'cpu', target: 'runner', bit: null }] } }),
    3,
    ['injection-did-not-bite'],
  ],
  [
    'an application verdict beside a fault that did not bite',
    input([failed('a', application)], {
      checks: { ...sound, injections: [{ fault: 'cpu', target: 'runner', bit: false }] },
    }),
    1,
    ['application', 'injection-did-not-bite'],
  ],
  [
    'a failure of Faultline itself',
    input([failed('a', application)], {
      checks: { ...sound, broken: [{ code: 'FL2004', message: 'lost' }] },
    }),
    70,
    ['broken', 'application'],
  ],
]

test.each(table)('%s', (_what, given, exit, codes) => {
  const decided = decide(given)
  expect(decided.exitCode).toBe(exit)
  expect(decided.reasons.map((reason) => reason.code)).toEqual(codes)
})

test.each([
  [0, 'pass', input([ok])],
  [1, 'block', input([failed('a', application)])],
  [3, 'undecided', input([failed('a', inconclusive)])],
  [75, 'hold', input([failed('a', infrastructure)])],
] as const)('exit code %i is called %s', (_exit, decision, given) => {
  expect(decide(given).decision).toBe(decision)
})

const anyVerdict = fc.constantFrom(application, atTest, infrastructure, inconclusive, race)
const anyTest = fc
  .record({
    testId: fc.uuid(),
    required: fc.boolean(),
    outcome: fc.constantFrom('passed', 'failed', 'skipped', 'blocked', 'missing'),
    cleared: fc.boolean(),
    verdict: fc.option(anyVerdict),
  })
  .map((each): TestJudgement => result(each.testId, each))
const anyChecks = fc.record({
  release: fc.option(fc.record({ expected: fc.constant('b1'), seen: fc.subarray(['b1', 'b2']) })),
  injections: fc.array(
    fc.record({ fault: fc.constant('f'), target: fc.constant('t'), bit: fc.option(fc.boolean()) }),
    { maxLength: 2 },
  ),
  broken: fc.constant([]),
})
const anyInput = fc
  .tuple(fc.array(anyTest, { maxLength: 6 }), anyChecks, fc.array(anyVerdict, { maxLength: 1 }))
  .map(([tests, checks, before]) => input(tests, { checks, incidents: before.map(incident) }))

test('a fault that could not be put on is said with its reason', () => {
  const problem = 'nothing answers behind app/auth'
  const injections = [{ fault: 'reset', target: 'app/auth', bit: null, problem }]
  const { reasons } = decide(input([ok], { checks: { ...sound, injections } }))
  expect(reasons.map(({ message }) => message).join()).toContain(problem)
})

test('nothing passes or is held while a verdict against the change stands on a required test', () => {
  fc.assert(
    fc.property(anyInput, (given) => {
      const required = new Set(given.tests.filter((each) => each.required).map((each) => each.testId))
      const against = [
        ...given.attempts.filter(({ testId }) => required.has(testId)),
        ...given.incidents,
      ].some(({ verdict: found }) => found.class === 'application' || found.class === 'test')
      if (against) expect([0, 75]).not.toContain(decide(given).exitCode)
    }),
  )
})

const order = [70, 1, 3, 75, 0]

test('a failure of the application more never makes the decision better', () => {
  fc.assert(
    fc.property(anyInput, (given) => {
      const more = input([...given.tests, failed('x', application)], {
        checks: given.checks,
        incidents: given.incidents,
      })
      const rank = (each: DecisionInput) => order.indexOf(decide(each).exitCode)
      expect(rank(more)).toBeLessThanOrEqual(rank(given))
    }),
  )
})

test('a pass says that every required test passed, was cleared or was left out', () => {
  fc.assert(
    fc.property(anyInput, (given) => {
      if (decide(given).exitCode !== 0) return
      for (const each of given.tests.filter((one) => one.required))
        expect(each.cleared || each.outcome === 'passed' || each.outcome === 'skipped').toBe(true)
    }),
  )
})

test('without a reason it is a pass', () => {
  fc.assert(
    fc.property(anyInput, (given) => {
      const decided = decide(given)
      if (decided.reasons.length === 0) expect(decided.exitCode).toBe(0)
    }),
  )
})
