import type { Tier } from '#evidence'

export type { Tier } from '#evidence'

/** Who is at fault. `inconclusive` is honest: it says what was missing. */
export type VerdictClass = 'application' | 'infrastructure' | 'test' | 'inconclusive'

/** One argument for or against a verdict, as a person can check it. */
export interface Argument {
  /** The rule or guard that makes it: `link-down-app-side`, `G2`. */
  readonly rule: string
  readonly text: string
  /** What it weighs, 0–1; guards weigh nothing, they strike out. */
  readonly weight?: number
}

export interface Verdict {
  readonly class: VerdictClass
  /** Whose infrastructure: the runner's own, or the environment's. Null unless the class is `infrastructure`. */
  readonly scope: 'environment' | 'runner' | null
  /** A link, a service, `runner`, or a test id. */
  readonly subject: string
  /** A stable reason code: `link-down`, `link-or-service`, `wrong-answer`, `exited`, `race-suspected`. */
  readonly reason: string
  /** 0–1. */
  readonly confidence: number
  readonly tier: Tier
  readonly evidence: { readonly for: readonly Argument[]; readonly against: readonly Argument[] }
}
