import type { Finding } from './finding.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { ProbeTarget } from './target.ts'

/**
 * How a channel ended by itself. `agreed`: in a way that its protocol allows, so that it says nothing;
 * `lost`: in a way that it doesn't.
 */
export type ChannelEnd = { readonly kind: 'agreed' } | { readonly kind: 'lost'; readonly finding: Finding }

/** One open connection to a target, in the target's own protocol. */
export interface Channel {
  /** Asks once and gives what the answer says. Rejects when there is none; ends at the latest when the channel is closed. */
  ask(stopwatch: Stopwatch): Promise<Finding>
  /** How it ended, or `undefined` while it is open. */
  readonly end: ChannelEnd | undefined
  /** Ends it at once; nothing of it is left, no more errors come from it. */
  close(): void
}

/** Opens a channel; when the signal aborts it rejects and leaves nothing behind. */
export type OpenChannel = (target: ProbeTarget, stopwatch: Stopwatch, signal: AbortSignal) => Promise<Channel>
