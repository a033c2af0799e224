import type { VerdictClass } from '#verdict'

/** One failure that people know of and have agreed to let pass until a day. */
export interface KnownIssue {
  /** As `faultline explain` prints it. Several for one cause. */
  readonly fingerprints: readonly string[]
  /** Who answers for it. */
  readonly owner: string
  /** Why it may pass, with a link to where it is followed up. */
  readonly reason: string
  /** The last day on which it acts, UTC: `2026-12-31`. */
  readonly until: string
  /** Which verdicts it may override. Application only where it is named. Default: the other three. */
  readonly overrides?: readonly VerdictClass[]
  /** Where it acts; a key that is left out doesn't narrow. */
  readonly scope?: {
    /** Texts, of which one is in the test's id. */
    readonly tests?: readonly string[]
    readonly environments?: readonly string[]
    readonly branches?: readonly string[]
  }
}

/** The entries of a run, as they were when it began. */
export interface KnownIssues {
  readonly file: string
  readonly entries: readonly KnownIssue[]
  readonly environment: string
  /** Null where nobody knew. */
  readonly branch: string | null
}

/** Verdicts that an entry overrides when it names none. */
export const usualOverrides: readonly VerdictClass[] = ['infrastructure', 'test', 'inconclusive']

/** Whether an entry still acts at a time; through the whole of its last day. */
export function isExpired({ until }: KnownIssue, at: number): boolean {
  return at >= Date.parse(`${until}T00:00:00Z`) + 86_400_000
}

/** Whether an entry is meant for a run like this one; for a test of it where one is named. */
export function isInScope(
  { scope }: KnownIssue,
  run: Pick<KnownIssues, 'environment' | 'branch'>,
  testId?: string,
): boolean {
  const { tests, environments, branches } = scope ?? {}
  return (
    (environments?.includes(run.environment) ?? true) &&
    (branches === undefined || (run.branch !== null && branches.includes(run.branch))) &&
    (testId === undefined || (tests?.some((text) => testId.includes(text)) ?? true))
  )
}
