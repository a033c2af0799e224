import type { Identity, Outcome, Sessions } from './observation.ts'

/** What a look found; the prober adds of what, from where, when and how fast. */
export interface Finding {
  readonly outcome: Outcome
  readonly code?: string
  readonly detail?: string
  readonly identity?: Identity
  readonly sessions?: Sessions
}

/** Ends a look whose finding is known where it comes up. */
export class LookFailure extends Error {
  readonly finding: Finding
  constructor(finding: Finding) {
    super(finding.detail ?? finding.outcome)
    this.name = 'LookFailure'
    this.finding = finding
  }
}
