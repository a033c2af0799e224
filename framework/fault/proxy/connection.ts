import type { Socket } from 'node:net'
import type { Random } from '#core'
import type { ConnectionOutcome, LedgerLine } from './ledger.ts'
import { Link, type LinkHost } from './link.ts'
import type { Direction, Toxic } from './toxic.ts'

/** What a connection is made of. */
export interface ConnectionParts {
  readonly client: Socket
  readonly server: Socket
  readonly toxics: Readonly<Record<Direction, readonly Toxic[]>>
  readonly line: LedgerLine
  randomFor(toxic: Toxic): Random
  /** The toxic has changed this connection; once for each. */
  affected(toxic: Toxic): void
  closed(): void
}

/** A client's connection and the one to the server behind it. Ends as a whole: there is no half-close. */
export class Connection {
  readonly line: LedgerLine
  readonly #sockets: readonly Socket[]
  readonly #links: Readonly<Record<Direction, Link>>

  constructor(parts: ConnectionParts) {
    const { client, server, toxics, line } = parts
    this.line = line
    this.#sockets = [client, server]
    const host: LinkHost = {
      randomFor: (toxic) => parts.randomFor(toxic),
      touch: (toxic) => {
        line.touch()
        parts.affected(toxic)
      },
      closing: () => line.ending('toxic-closed'),
      reset: () => this.#reset(),
    }
    const up = new Link(client, server, toxics.upstream, host)
    const down = new Link(server, client, toxics.downstream, host)
    this.#links = { upstream: up, downstream: down }
    server.once('data', () => line.answered())
    this.#watch(client, up, down, 'client-closed', parts.closed)
    this.#watch(server, down, up, 'server-closed', parts.closed)
  }

  /** The half on which `direction`'s toxics act. */
  link(direction: Direction): Link {
    return this.#links[direction]
  }

  /** Closes both sides at once, as a proxy that goes away does; what is queued is dropped. */
  cut(): void {
    this.line.cut()
    for (const socket of this.#sockets) socket.destroy()
  }

  #reset(): void {
    this.line.ending('toxic-reset')
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  #watch(
    socket: Socket,
    reads: Link,
    writes: Link,
    outcome: Exclude<ConnectionOutcome, 'open'>,
    closed: () => void,
  ) {
    socket.on('end', () => {
      this.line.ending(outcome)
      reads.sourceEnded()
    })
    // An error is always followed by 'close', which says all that matters here.
    socket.on('error', () => this.line.ending(outcome))
    socket.on('close', () => {
      this.line.ending(outcome)
      writes.abort()
      reads.sourceEnded()
      if (this.#sockets.every((each) => each.closed)) {
        this.line.close()
        closed()
      }
    })
  }
}
