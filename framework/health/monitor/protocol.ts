import type { Observation, ProbeTarget } from '#probe'
import type { View } from '../tracker.ts'

/** What the monitor process is told first, in one line. It holds secrets, and so goes over stdin only. */
export interface MonitorOrders {
  /** How often each target is looked at, on a new and on a kept connection. */
  readonly intervalMs: number
  /** Looked at from here: those with vantage `runner`, and the control target. */
  readonly targets: readonly ProbeTarget[]
  /** Who looks at the rest; it names its targets itself. */
  readonly agent?: { readonly url: string; readonly token: string; readonly reconnect: boolean }
}

/** Later lines: look at everything once more, now. */
export interface RoundRequest {
  readonly round: number
}

/** What the monitor process says, one JSON object a line. */
export type MonitorMessage =
  | { readonly observation: Observation }
  /** Seen a while ago, by an agent that could not tell it then. */
  | { readonly missed: Observation }
  | { readonly lost: 'agent'; readonly reason: string }
  | { readonly found: 'agent'; readonly views: readonly View[] }
  | { readonly round: number; readonly done: true }
