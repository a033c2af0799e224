import type { EpochMs } from '#core'
import type { JournalRecord } from '#journal'

/**
 * What a platform tells of a service (tier T3): the embedded supervisor, Docker, a cloud's event log.
 * `exited`: the service ended by itself, with its code or the signal that its own failure raised.
 * `stopped`: the platform ended, froze or took it away; it writes the same for a maintenance and for an injection.
 * `running`: it was seen untouched at this moment, the same process as before.
 */
export interface PlatformEvent {
  readonly at: EpochMs
  readonly service: string
  readonly event: 'started' | 'running' | 'exited' | 'stopped' | 'oom-killed'
  /** Which incarnation: changes with every start. */
  readonly incarnation: number
  readonly code?: number | null
  readonly signal?: string | null
}

export type PlatformEventRecord = JournalRecord<'platform-event', PlatformEvent>
