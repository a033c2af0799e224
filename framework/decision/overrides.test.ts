import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AttemptJudgement, Incident, TestJudgement, Verdict, VerdictClass } from '#verdict'
import { decide } from './decide.ts'
import type { KnownIssue } from './known-issue.ts'
import { type OverrideInput, overridesOf } from './overrides.ts'

const day = 86_400_000
const at = Date.UTC(2026, 0, 15, 12)
const known = 'f-000000000001'
const other = 'f-000000000002'

const verdictOf = (name: VerdictClass): Verdict => ({
  class: name,
  scope: name === 'infrastructure' ? 'environment' : null,
  subject: 'app',
  reason: 'x',
  confidence: 0.8,
  tier: 'T2',
  evidence: { for: [], against: [] },
})

const entryOf = (change: Partial<KnownIssue> = {}): KnownIssue => ({
  ...{ fingerprints: [known], owner: 'ada', reason: 'slow disk', until: '2026-01-15' },
  ...change,
})

interface Failure {
  readonly test: string
  readonly print: string
  readonly class?: VerdictClass
  readonly incident?: string
  readonly n?: number
}

/** A run in which these attempts failed, and these tests were blocked. */
function runOf(
  failures: readonly Failure[],
  entries: readonly KnownIssue[],
  more: { blockedIn?: string; preFlight?: boolean; outcome?: TestJudgement['outcome'] } = {},
): OverrideInput {
  const attempts = failures.map(
    ({ test, n = 1, class: found = 'test', incident = 'i' }): AttemptJudgement => ({
      ...{ testId: test, n, incident },
      verdict: verdictOf(found),
    }),
  )
  const incidents = [...Map.groupBy(attempts, (each) => each.incident)].map(
    ([id, own]): Incident => ({
      ...{ id, verdict: own[0]!.verdict, window: { from: 0, to: 1 }, preFlight: more.preFlight ?? false },
      members: [
        ...own.map(({ testId, n, verdict }) => ({ testId, n, verdict })),
        ...(more.blockedIn === id ? [{ testId: 'blocked', n: null, verdict: own[0]!.verdict }] : []),
      ],
    }),
  )
  const tests = [...Map.groupBy(attempts, (each) => each.testId)].map(
    ([testId, own]): TestJudgement => ({
      ...{ testId, required: true, outcome: more.outcome ?? 'failed', cleared: false, blockedBy: [] },
      ...{ incident: own.at(-1)!.incident, verdict: own.at(-1)!.verdict },
    }),
  )
  const prints = new Map(failures.map(({ test, n = 1, print }) => [`${n} ${test}`, print]))
  return {
    ...{ attempts, incidents, tests, at },
    fingerprint: (testId, n) => prints.get(`${n} ${testId}`),
    known: { file: 'known-issues.json', entries, environment: 'staging', branch: 'main' },
  }
}

function exitOf(input: OverrideInput) {
  return decide({
    ...input,
    checks: { release: null, injections: [], broken: [] },
    overrides: overridesOf(input).byTest,
    policy: { minimumTests: 1, passesToClear: 2, raceSuspected: 'undecided' },
  })
}

const one: Failure = { test: 'a', print: known }

test('a failure that is known passes, and the decision says so with its verdict', () => {
  const { exitCode, reasons } = exitOf(runOf([one], [entryOf()]))
  expect(exitCode).toBe(0)
  expect(reasons).toMatchObject([{ code: 'known-issue', subject: 'a' }])
  expect(reasons[0]?.message).toBe('known: slow disk (ada, until 2026-01-15); overridden: test: app, x')
})

test.for([
  ['another failure', runOf([{ ...one, print: other }], [entryOf()])],
  ['an entry that has expired', runOf([one], [entryOf({ until: '2026-01-14' })])],
  [
    'an application verdict that the entry doesn’t name',
    runOf([{ ...one, class: 'application' }], [entryOf()]),
  ],
  ['another test than the entry is for', runOf([one], [entryOf({ scope: { tests: ['b'] } })])],
  ['another environment', runOf([one], [entryOf({ scope: { environments: ['production'] } })])],
  ['another branch', runOf([one], [entryOf({ scope: { branches: ['release'] } })])],
  ['a second attempt that failed otherwise', runOf([one, { ...one, n: 2, print: other }], [entryOf()])],
  ['another test of the incident', runOf([one, { test: 'b', print: other }], [entryOf()])],
  ['a blocked test of the incident', runOf([one], [entryOf()], { blockedIn: 'i' })],
  ['an incident before the suites', runOf([one], [entryOf()], { preFlight: true })],
  ['an attempt that nobody saw the end of', runOf([one], [entryOf()], { outcome: 'missing' })],
] as const)('%s is not overridden', ([, input]) => {
  expect(overridesOf(input).byTest.size).toBe(0)
  expect(exitOf(input).exitCode).not.toBe(0)
})

test('an application verdict is overridden by an entry that names it', () => {
  expect(
    exitOf(runOf([{ ...one, class: 'application' }], [entryOf({ overrides: ['application'] })])).exitCode,
  ).toBe(0)
})

test('a new failure beside a known one, in an incident of its own, blocks', () => {
  const run = runOf([one, { test: 'b', print: other, incident: 'j' }], [entryOf()])
  expect([...overridesOf(run).byTest.keys()]).toEqual(['a'])
  expect(exitOf(run).exitCode).toBe(1)
})

test('an entry whose branch is told does not act where nobody knows the branch', () => {
  const run = runOf([one], [entryOf({ scope: { branches: ['main'] } })])
  expect(overridesOf({ ...run, known: { ...run.known!, branch: null } }).byTest.size).toBe(0)
})

describe('what became of an entry is told', () => {
  test.for([
    ['acted', [one], entryOf()],
    ['matched', [{ ...one, class: 'application' }], entryOf()],
    ['expired', [one], entryOf({ until: '2026-01-14' })],
    ['elsewhere', [one], entryOf({ scope: { branches: ['release'] } })],
    ['unmatched', [{ ...one, print: other }], entryOf()],
  ] as const)('%s', ([state, failures, entry]) => {
    expect(overridesOf(runOf(failures, [entry])).uses).toMatchObject([{ state }])
  })
})

const anyFailure = fc.record({
  test: fc.constantFrom('a', 'b', 'c'),
  n: fc.integer({ min: 1, max: 3 }),
  print: fc.constantFrom(known, other, 'f-000000000003'),
  class: fc.constantFrom<VerdictClass>('application', 'infrastructure', 'test', 'inconclusive'),
  incident: fc.constantFrom('i', 'j'),
})
const anyEntry = fc.record(
  {
    fingerprints: fc.subarray([known, other], { minLength: 1 }),
    owner: fc.constant('ada'),
    reason: fc.constant('r'),
    until: fc
      .integer({ min: -3, max: 3 })
      .map((days) => new Date(at + days * day).toISOString().slice(0, 10)),
    overrides: fc.subarray<VerdictClass>(['application', 'infrastructure', 'test', 'inconclusive'], {
      minLength: 1,
    }),
  },
  { requiredKeys: ['fingerprints', 'owner', 'reason', 'until'] },
)

test('whatever is known, a failure that no entry names is never passed over', () => {
  const failures = fc.uniqueArray(anyFailure, { minLength: 1, selector: (each) => `${each.n} ${each.test}` })
  fc.assert(
    fc.property(failures, fc.array(anyEntry, { maxLength: 3 }), (failed, entries) => {
      if (exitOf(runOf(failed, entries)).exitCode !== 0) return
      const named = entries.flatMap((entry) => (Date.parse(entry.until) + day > at ? entry.fingerprints : []))
      expect(failed.filter(({ print }) => !named.includes(print))).toEqual([])
      const application = failed.filter((each) => each.class === 'application')
      expect(
        application.length === 0 || entries.some((each) => each.overrides?.includes('application')),
      ).toBe(true)
    }),
    { numRuns: 500 },
  )
})
