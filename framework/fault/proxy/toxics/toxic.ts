import type { Random } from '#core'
import type { Chunk } from '../chunk.ts'
import type { Direction } from '../direction.ts'

/** The values of a toxic's attributes. Toxiproxy's are whole numbers; ours may be texts, too. */
export type Attributes = Readonly<Record<string, number | string>>

/** What a toxic may do with the stream of one connection and direction that it sits on. */
export interface ToxicStage<A extends Attributes, S = undefined> {
  /** Read afresh for every decision: they change while the stage runs. */
  readonly attributes: A
  /** Private to this connection, direction and toxic, and seeded: a run replays. */
  readonly random: Random
  /** Counts what this toxic did to the stream so far; kept over updates. */
  readonly tally: { bytes: number; freeAt: number }
  /** The same for all connections of the toxic together. */
  readonly shared: { freeAt: number; requests: number }
  /** What the toxic remembers of this stream. */
  readonly state: S
  /** Whether it is to act now; one that parses is asked to follow the stream while it isn't. */
  readonly acts: boolean
  /** Hands bytes on; settles when the next stage takes more. */
  emit(bytes: Buffer): Promise<void>
  /** Sends bytes back to where the stream comes from. */
  reply(bytes: Buffer): void
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

/** What a toxic that looks at a whole connection, both ways, may do with it. */
export interface WatchedConnection<A extends Attributes> {
  readonly attributes: A
  /** Whether the toxic is to act now. */
  readonly acts: boolean
  /** Calls back for all that arrives, with the way that it goes. */
  onData(listener: (direction: Direction) => void): void
  /** Calls back when the toxic is to act, now or from a later moment of its schedule on. */
  onActive(listener: () => void): void
  /** From now on nothing passes, and neither side hears that the other ended. */
  silence(): void
  /** RST to the side that sends in this direction, nothing to the other. */
  resetSender(direction: Direction): void
  /** FIN to both sides. */
  close(): void
  /** RST to both sides. */
  reset(): void
  touch(): void
}

/** What a name server says of a proxy's name, and after how long. `silent` says nothing. */
export interface NameAnswer {
  readonly answer: 'address' | 'nxdomain' | 'servfail' | 'silent'
  readonly delayMs: number
}

/**
 * One kind of toxic. It acts on streams (`chunk`), on whole connections (`watch`), on accepting (`acceptDelayMs`), on
 * the listener (`door`) or on looking up the proxy's name (`nameAnswer`).
 */
export interface ToxicType<A extends Attributes = Attributes, S = undefined> {
  readonly type: string
  /** Every attribute, with the value that it has when it isn't given; the order is the one on the wire. */
  readonly defaults: A
  /** The attributes that need not be whole numbers. */
  readonly fractions?: readonly string[]
  /** What is wrong with the attributes, if anything is. */
  problem?(attributes: A): string | undefined
  /** What becomes of the listener for new connections; kept ones are left alone. */
  readonly door?: 'refuse' | 'hang'
  /** What becomes of looking up the proxy's name. */
  nameAnswer?(attributes: A): NameAnswer
  /** How long a new connection waits before its server is dialled. */
  acceptDelayMs?(attributes: A): number
  /** Looks at a connection until it is over or the toxic is gone; gives what ends that. */
  watch?(connection: WatchedConnection<A>): Disposable
  /** How many bytes may wait before the source is held back; none unless given. */
  capacityBytes?(attributes: A): number
  /** What to remember of a stream; `isFresh` when no byte of it has passed yet. */
  begin?(isFresh: boolean): S
  chunk?(stage: ToxicStage<A, S>, chunk: Chunk): Promise<void>
  /** Has {@link chunk} see all data, while it doesn't act too, so that it knows where messages begin. */
  readonly parses?: boolean
  /** What it holds back although it doesn't act: passed on when the toxic is removed, or the source ends. */
  held?(state: S): Buffer
  /** The source has ended, everything before is emitted. Default: close. */
  end?(stage: ToxicStage<A, S>): Promise<void>
  /** After how many ms without a chunk {@link idle} is called. */
  idleLimitMs?(attributes: A, state: S): number | undefined
  /** Default: close. */
  idle?(stage: ToxicStage<A, S>): Promise<void>
  /** Whether taking the toxic away ends the connections that it held: what it swallowed can't be given back. */
  readonly closesWhenRemoved?: boolean
}

/** Keeps the attributes' names while a toxic is written, and forgets them for the registry. */
export function defineToxic<A extends Attributes, S = undefined>(type: ToxicType<A, S>): ToxicType {
  return type as unknown as ToxicType
}
