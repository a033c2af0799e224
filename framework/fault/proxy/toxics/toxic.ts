import type { Random } from '#core'
import type { Chunk } from '../chunk.ts'

/** The values of a toxic's attributes; all are whole numbers, as on the wire. */
export type Attributes = Readonly<Record<string, number>>

/** What a toxic may do with the stream of one connection and direction that it sits on. */
export interface ToxicStage<A extends Attributes> {
  /** Read afresh for every decision: they change while the stage runs. */
  readonly attributes: A
  /** Private to this connection, direction and toxic, and seeded: a run replays. */
  readonly random: Random
  /** Counts what this toxic did to the stream so far; kept over updates. */
  readonly tally: { bytes: number; freeAt: number }
  /** Hands bytes on; settles when the next stage takes more. */
  emit(bytes: Buffer): Promise<void>
  /** Waits, to half a millisecond; false when an update or removal cut the wait short, and what is in hand is due at once. */
  pause(ms: number): Promise<boolean>
  /** Waits whatever happens but the end of the connection. */
  hold(ms: number): Promise<void>
  /** True once the toxic was removed: what is still in hand passes as if it weren't there. */
  readonly removed: boolean
  /** Ends the stream, and with it the connection, behind what was already emitted. */
  close(): void
  /** Ends the connection at once, with RST to both peers. */
  reset(): void
  /** Says that this connection is no longer what it would be without the toxic. */
  touch(): void
}

/** One kind of toxic. */
export interface ToxicType<A extends Attributes = Attributes> {
  readonly type: string
  /** Every attribute, with the value that it has when it isn't given; the order is the one on the wire. */
  readonly defaults: A
  /** How many bytes may wait before the source is held back; none unless given. */
  readonly capacityBytes?: number
  chunk(stage: ToxicStage<A>, chunk: Chunk): Promise<void>
  /** The source has ended, everything before is emitted. Default: close. */
  end?(stage: ToxicStage<A>): Promise<void>
  /** After how many ms without a chunk {@link ToxicStage.close} comes by itself. */
  idleLimitMs?(attributes: A): number | undefined
  /** Whether taking the toxic away ends the connections that it held: what it swallowed can't be given back. */
  readonly closesWhenRemoved?: boolean
}

/** Keeps the attributes' names while a toxic is written, and forgets them for the registry. */
export function defineToxic<A extends Attributes>(type: ToxicType<A>): ToxicType {
  return type as unknown as ToxicType
}
