import type { Candidate } from '../candidate.ts'
import type { Findings } from '../findings/findings.ts'

/** One reason to say one thing. It proposes; guards decide what may be said at all. */
export interface Rule {
  readonly id: string
  /** The reason codes that it gives. */
  readonly reasons: readonly string[]
  /** Findings that it must match, and win with its reason. */
  readonly matches: Findings
  /** Findings that it must not match. */
  readonly passesOver: Findings
  readonly weigh: (findings: Findings) => Candidate | undefined
}

/** How a moment is written in arguments: UTC, to the millisecond. */
export function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 23)
}

/** A moment as it stands after what happened then; nothing where it isn't known. */
export function atTime(at: number | null): string {
  return at === null ? '' : ` (${clock(at)})`
}
