import type { FaultFamily, SignalKind } from '../signal.ts'

/**
 * One entry of the vocabulary: how one fact looks in an error's fields and in text.
 *
 * A text pattern may name groups: `code` is the raw code to report, `host` and `port` say whose it is. Patterns
 * are linear: no nested quantifier, every repetition bounded.
 */
export interface SignalRule {
  /** Ours, stable over libraries: `NET.CONN_REFUSED`. Several rules may share one. */
  readonly stableCode: string
  readonly kind: SignalKind
  readonly family: FaultFamily
  /** One sentence for people: what it says, and what it leaves open. */
  readonly means: string
  /** Raw codes, as in `error.code`; in text they count as whole words. The first one is reported for a text without a code. */
  readonly codes?: readonly string[]
  /** What the software says where it gives no code. */
  readonly texts?: readonly RegExp[]
  /**
   * `consequence`: nearly always follows from an earlier failure. `wrapper`: only says that something
   * failed inside, so that it counts on its own alone when nothing else is known.
   */
  readonly standing?: 'consequence' | 'wrapper'
  /** Stable codes that follow from this one where both are said: what gave up closes what it waited for, and reports that too. */
  readonly entails?: readonly string[]
}
