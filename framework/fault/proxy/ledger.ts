import { type EpochMs, now } from '#core'

/**
 * How a connection ended. `open`: it hasn't. `cut`: its proxy was disabled, moved or deleted. `toxic-closed`,
 * `toxic-reset`: a toxic ended it. `toxic-silenced`: one let nothing pass any more. `dial-failed`: the upstream could not be reached.
 */
export type ConnectionOutcome =
  | 'open'
  | 'client-closed'
  | 'server-closed'
  | 'cut'
  | 'toxic-closed'
  | 'toxic-reset'
  | 'toxic-silenced'
  | 'dial-failed'

/** One connection through a proxy. Times are epoch ms. */
export interface ConnectionEntry {
  /** 1 for the first that the proxy accepted. */
  readonly id: number
  /** `address:port` of the client. */
  readonly client: string
  readonly acceptedAt: EpochMs
  /** When the server's first byte arrived. */
  readonly firstByteAt: EpochMs | null
  readonly closedAt: EpochMs | null
  /** Bytes read from the client. */
  readonly bytesUp: number
  /** Bytes read from the server. */
  readonly bytesDown: number
  readonly outcome: ConnectionOutcome
  /** Whether a toxic, or a cut, made it other than it would have been. */
  readonly affected: boolean
}

/** All connections of a proxy since it was created, in figures. */
export interface LedgerSummary {
  readonly accepted: number
  readonly open: number
  /** Connections that a toxic or a cut made other than they would have been. */
  readonly affected: number
  /** The same by the toxic's name; one connection may count for several. */
  readonly affectedBy: Readonly<Record<string, number>>
  /** Connections that were open when the proxy was disabled, moved or deleted. */
  readonly cut: number
  readonly bytesUp: number
  readonly bytesDown: number
  /** HTTP requests, where they are written down. */
  readonly requests?: number
  /** Those of them that were lost without a whole answer, or answered 500 and above. */
  readonly failedRequests?: number
}

/** How many connections a proxy's ledger remembers one by one. */
export const ledgerDepth = 1000

/** The record of one proxy's connections. Never forgets a figure; forgets single connections beyond the last 1000. */
export class Ledger {
  #lines: LedgerLine[] = []
  #accepted = 0
  #closed = { count: 0, bytesUp: 0, bytesDown: 0 }
  #affected = 0
  #cut = 0
  readonly #affectedBy = new Map<string, number>()

  open(client: string, bytes: () => { up: number; down: number }): LedgerLine {
    const line = new LedgerLine(++this.#accepted, client, bytes, {
      affected: () => {
        this.#affected++
      },
      cut: () => {
        this.#cut++
      },
      closed: (up, down) => {
        this.#closed.count++
        this.#closed.bytesUp += up
        this.#closed.bytesDown += down
      },
    })
    this.#lines.push(line)
    if (this.#lines.length > 2 * ledgerDepth) this.#lines = this.#lines.slice(-ledgerDepth)
    return line
  }

  /** How many connections there have been. */
  get accepted(): number {
    return this.#accepted
  }

  /** The toxic has changed one more connection. */
  count(toxic: string): void {
    this.#affectedBy.set(toxic, (this.#affectedBy.get(toxic) ?? 0) + 1)
  }

  /** `open` holds the lines of connections that are alive, whose bytes are not in the closed figures yet. */
  summary(open: Iterable<LedgerLine>): LedgerSummary {
    let { bytesUp, bytesDown } = this.#closed
    for (const line of open) {
      const { up, down } = line.bytes()
      bytesUp += up
      bytesDown += down
    }
    return {
      accepted: this.#accepted,
      open: this.#accepted - this.#closed.count,
      affected: this.#affected,
      affectedBy: Object.fromEntries(this.#affectedBy),
      cut: this.#cut,
      bytesUp,
      bytesDown,
    }
  }

  /** The last connections, oldest first. */
  entries(): ConnectionEntry[] {
    return this.#lines.slice(-ledgerDepth).map((line) => line.entry())
  }
}

interface LineEvents {
  affected(): void
  cut(): void
  closed(up: number, down: number): void
}

/** One connection's line, while it is being written. */
export class LedgerLine {
  readonly id: number
  readonly client: string
  readonly #events: LineEvents
  readonly #acceptedAt = now()
  #bytes: () => { up: number; down: number }
  #firstByteAt: EpochMs | null = null
  #closedAt: EpochMs | null = null
  #outcome: ConnectionOutcome = 'open'
  #affected = false

  constructor(id: number, client: string, bytes: () => { up: number; down: number }, events: LineEvents) {
    this.id = id
    this.client = client
    this.#bytes = bytes
    this.#events = events
  }

  bytes(): { up: number; down: number } {
    return this.#bytes()
  }

  answered(): void {
    this.#firstByteAt ??= now()
  }

  touch(): void {
    if (this.#affected) return
    this.#affected = true
    this.#events.affected()
  }

  /** The proxy itself ends the connection. */
  cut(): void {
    this.touch()
    this.ending('cut')
    this.#events.cut()
  }

  /** Why the connection ends. The first reason counts: what follows are its consequences. */
  ending(outcome: Exclude<ConnectionOutcome, 'open'>): void {
    if (this.#outcome === 'open') this.#outcome = outcome
  }

  close(): void {
    if (this.#closedAt !== null) return
    this.#closedAt = now()
    const final = this.#bytes()
    this.#bytes = () => final
    this.#events.closed(final.up, final.down)
  }

  entry(): ConnectionEntry {
    const { up, down } = this.#bytes()
    return {
      id: this.id,
      client: this.client,
      acceptedAt: this.#acceptedAt,
      firstByteAt: this.#firstByteAt,
      closedAt: this.#closedAt,
      bytesUp: up,
      bytesDown: down,
      outcome: this.#closedAt === null ? 'open' : this.#outcome,
      affected: this.#affected,
    }
  }
}
