import type { EpochMs } from '#core'
import type { Injection } from '#fault'
import type { TargetHealth } from '#health'
import type { LinkName } from '#topology'
import type { History, ReadValues } from './history.ts'

/** The application's side of a link at one moment, by the proxy's ledger: sums since the link was made. */
export interface LinkSample {
  /** When the ledger had answered. */
  readonly at: EpochMs
  /** How long it took to answer, in ms: the sums may be so much older. */
  readonly tookMs?: number
  readonly accepted: number
  /** Connections that are open now. */
  readonly open: number
  readonly bytesUp: number
  /** HTTP requests so far; absent where the ledger doesn't read them. */
  readonly requests?: number
  /** Those lost without a whole answer, or answered 500 and above; absent as `requests` is. */
  readonly failedRequests?: number
  /** The ledger stands behind the faults: what they end at once, it never sees. */
  readonly isBehindFaults?: boolean
}

/** What a check may know: plain data, so that it can be made up, stored and checked again. */
export interface ExperimentEvidence {
  readonly history: History
  /** What is kept at the end under each key that was written; absent where nobody could read it back. */
  readonly kept?: readonly ReadValues[]
  /** What went over the links that are watched, oldest first; a link without a ledger isn't here. */
  readonly links: Readonly<Record<LinkName, readonly LinkSample[]>>
  readonly health: readonly TargetHealth[]
  readonly injections: readonly Injection[]
  /** When the first fault began to be put on, which takes time: it acts from a moment between this and the fault's phase. */
  readonly injectedAt?: EpochMs
  /** When the last fault was off; absent when none was put on. */
  readonly rolledBackAt?: EpochMs
}
