import type { AttemptJudgement, Incident, TestJudgement } from '#verdict'
import { isExpired, isInScope, type KnownIssue, type KnownIssues, usualOverrides } from './known-issue.ts'

/** What became of one entry in a run. */
export interface KnownIssueUse {
  readonly fingerprints: readonly string[]
  readonly owner: string
  readonly reason: string
  readonly until: string
  /**
   * `acted`: it overrode the decision on its tests. `matched`: it matched, and something stood against it. `expired`:
   * it acts no longer. `elsewhere`: not meant for this environment or branch. `unmatched`: nothing failed like it.
   */
  readonly state: 'acted' | 'matched' | 'expired' | 'elsewhere' | 'unmatched'
  /** Tests that failed like it. */
  readonly tests: readonly string[]
}

export interface OverrideInput {
  readonly incidents: readonly Incident[]
  readonly attempts: readonly AttemptJudgement[]
  readonly tests: readonly TestJudgement[]
  /** The fingerprint of a failed attempt. */
  readonly fingerprint: (testId: string, n: number) => string | undefined
  readonly known: KnownIssues | null
  /** When the run began: what expires is told by it, so that a run judged later is judged alike. */
  readonly at: number
}

export interface Overrides {
  /** The entries by which the decision on a test is overridden, by test id. */
  readonly byTest: ReadonlyMap<string, readonly KnownIssue[]>
  readonly uses: readonly KnownIssueUse[]
}

/**
 * What known issues override. A test is overridden only when every failed attempt of it is known, and when that is so for
 * every member of every incident that it belongs to: what is new beside what is known stands. Pure.
 */
export function overridesOf(input: OverrideInput): Overrides {
  const { known, attempts, tests, at } = input
  if (!known) return { byTest: new Map(), uses: [] }
  const active = known.entries.filter((entry) => !isExpired(entry, at) && isInScope(entry, known))
  const entryFor = ({ testId, n, verdict }: AttemptJudgement): KnownIssue | undefined => {
    const print = input.fingerprint(testId, n)
    if (print === undefined) return undefined
    return active.find(
      (entry) =>
        entry.fingerprints.includes(print) &&
        isInScope(entry, known, testId) &&
        (entry.overrides ?? usualOverrides).includes(verdict.class),
    )
  }
  const entries = new Map(attempts.map((attempt) => [keyOf(attempt), entryFor(attempt)]))
  const isKnown = (attempt: { testId: string; n: number }) => entries.get(keyOf(attempt)) !== undefined
  const open = newlyOpen(input, isKnown)
  const byTest = new Map<string, readonly KnownIssue[]>()
  const attemptsOf = Map.groupBy(attempts, (attempt) => attempt.testId)
  for (const { testId, outcome } of tests) {
    const own = attemptsOf.get(testId) ?? []
    if (own.length === 0 || (outcome !== 'failed' && outcome !== 'passed')) continue
    if (!own.every(isKnown) || own.some(({ incident }) => open.has(incident))) continue
    byTest.set(testId, [...new Set(own.map((attempt) => entries.get(keyOf(attempt))!))])
  }
  return { byTest, uses: known.entries.map((entry) => useOf(entry, input, known, byTest)) }
}

/** Incidents with a failure that nobody knows, a blocked test, or that began before the suites. */
function newlyOpen(
  { incidents }: OverrideInput,
  isKnown: (attempt: { testId: string; n: number }) => boolean,
): ReadonlySet<string> {
  const open = incidents.filter(
    ({ preFlight, members }) =>
      preFlight || members.some(({ testId, n }) => n === null || !isKnown({ testId, n })),
  )
  return new Set(open.map(({ id }) => id))
}

function useOf(
  entry: KnownIssue,
  { attempts, fingerprint, at }: OverrideInput,
  known: KnownIssues,
  byTest: Overrides['byTest'],
): KnownIssueUse {
  const { fingerprints, owner, reason, until } = entry
  const failed = attempts.filter(({ testId, n }) => fingerprints.includes(fingerprint(testId, n) ?? ''))
  const tests = [...new Set(failed.map(({ testId }) => testId))]
  const state = isExpired(entry, at)
    ? 'expired'
    : !isInScope(entry, known)
      ? 'elsewhere'
      : tests.some((testId) => byTest.get(testId)?.includes(entry))
        ? 'acted'
        : tests.length > 0
          ? 'matched'
          : 'unmatched'
  return { fingerprints, owner, reason, until, state, tests }
}

function keyOf({ testId, n }: { readonly testId: string; readonly n: number }): string {
  return `${n} ${testId}`
}
