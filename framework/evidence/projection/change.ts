import type { JournalRecord } from '#journal'

/** What a changed file is, by the globs of the settings. `both`: globs of either kind match it. */
export type FileKind = 'test' | 'application' | 'both' | 'neither'

/** What a change touches. `unclear`: files that no glob knows, beside tests or the application alone. */
export type ChangeKind = 'tests-only' | 'application-only' | 'both' | 'unclear' | 'nothing'

/** What lies between the release that is known and the one under test, as the version control tells. */
export interface Change {
  /** The ref as it was given. */
  readonly base: string
  /** The commit that both come from. */
  readonly mergeBase: string
  readonly kind: ChangeKind
  /** How many files of each kind. */
  readonly files: Readonly<Record<FileKind, number>>
  /** Paths from the root, at most the first hundred. */
  readonly paths: readonly string[]
}

/** What one test did on one deployment: `alike` failed as it had failed in the suites, `otherwise` failed differently. */
export type ArmOutcome = 'passed' | 'alike' | 'otherwise' | 'not-run'

/** Failures run again by turns on the candidate and on a deployment that is known to be good. */
export interface ControlArm {
  /** Where the known-good deployment is, without a password. */
  readonly url: string
  readonly candidateBuild: string | null
  readonly baselineBuild: string | null
  /** Why nothing can be learned from it; null where something can. */
  readonly problem: string | null
  readonly tests: readonly {
    readonly testId: string
    /** In the order of the turns. */
    readonly candidate: readonly ArmOutcome[]
    readonly baseline: readonly ArmOutcome[]
    /** Everything that the test needs was seen well on the candidate around every turn. */
    readonly candidateWell: boolean
  }[]
}

export type ChangeRecord = JournalRecord<'change', Change>
export type ControlArmRecord = JournalRecord<'control-arm', ControlArm>
