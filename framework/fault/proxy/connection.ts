import type { Socket } from 'node:net'
import type { Random } from '#core'
import type { Direction } from './direction.ts'
import type { ConnectionOutcome, LedgerLine } from './ledger.ts'
import { Link, type LinkHost } from './link.ts'
import type { RequestObserver } from './request-log.ts'
import type { Toxic } from './toxic.ts'
import { type Watching, watch } from './watch.ts'

/** What a connection is made of. */
export interface ConnectionParts {
  readonly client: Socket
  readonly server: Socket
  /** Those that are meant for it, in the order of their chains. */
  readonly toxics: readonly Toxic[]
  readonly line: LedgerLine
  /** Writes down its requests, where that was asked for. */
  readonly requests?: RequestObserver
  randomFor(toxic: Toxic): Random
  /** The toxic has changed this connection; once for each. */
  affected(toxic: Toxic): void
  closed(): void
}

/** A client's connection and the one to the server behind it. Ends as a whole: there is no half-close. */
export class Connection {
  readonly line: LedgerLine
  readonly #parts: ConnectionParts
  readonly #sockets: readonly Socket[]
  readonly #links: Readonly<Record<Direction, Link>>
  readonly #watching = new Map<Toxic, Watching>()
  #hasAnswered = false
  #isSilent = false

  constructor(parts: ConnectionParts) {
    const { client, server, line, requests } = parts
    this.#parts = parts
    this.line = line
    this.#sockets = [client, server]
    const up = new Link(client, server, this.#hostOf('upstream'))
    const down = new Link(server, client, this.#hostOf('downstream'))
    this.#links = { upstream: up, downstream: down }
    for (const toxic of parts.toxics) this.add(toxic)
    server.once('data', () => {
      line.answered()
      this.#hasAnswered = true
      up.answered()
      down.answered()
    })
    if (requests) {
      client.on('data', (bytes) => requests.asked(bytes))
      server.on('data', (bytes) => requests.answered(bytes))
    }
    this.#watch(client, up, down, 'client-closed')
    this.#watch(server, down, up, 'server-closed')
  }

  /** Puts a toxic on, nearest the destination of its direction. */
  add(toxic: Toxic): void {
    this.#links[toxic.direction].add(toxic)
    if (!toxic.type.watch) return
    const watching = watch(toxic, this.#parts.randomFor(toxic), {
      sockets: { upstream: this.#parts.client, downstream: this.#parts.server },
      touch: () => this.#touch(toxic),
      silence: () => this.#silence(),
      close: () => this.#close(),
      reset: () => this.#reset(),
    })
    this.#watching.set(toxic, watching)
  }

  update(toxic: Toxic, redraw: boolean): void {
    this.#links[toxic.direction].update(toxic, redraw)
    this.#watching.get(toxic)?.changed()
  }

  remove(toxic: Toxic): void {
    this.#links[toxic.direction].remove(toxic)
    this.#watching.get(toxic)?.[Symbol.dispose]()
    this.#watching.delete(toxic)
  }

  /** Closes both sides at once, as a proxy that goes away does; what is queued is dropped. */
  cut(): void {
    this.line.cut()
    for (const socket of this.#sockets) socket.destroy()
  }

  #hostOf(direction: Direction): LinkHost {
    return {
      randomFor: (toxic) => this.#parts.randomFor(toxic),
      touch: (toxic) => this.#touch(toxic),
      closing: () => this.line.ending('toxic-closed'),
      reset: () => this.#reset(),
      answered: () => this.#hasAnswered,
      reply: (bytes) => {
        if (direction === 'upstream') this.#parts.requests?.answered(bytes)
        this.#links[direction === 'upstream' ? 'downstream' : 'upstream'].inject(bytes)
      },
    }
  }

  #touch(toxic: Toxic): void {
    this.line.touch()
    this.#parts.affected(toxic)
  }

  #reset(): void {
    this.line.ending('toxic-reset')
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  #close(): void {
    this.line.ending('toxic-closed')
    for (const socket of this.#sockets) socket.destroySoon()
  }

  #silence(): void {
    this.line.ending('toxic-silenced')
    this.#isSilent = true
    for (const link of Object.values(this.#links)) link.mute()
  }

  #watch(socket: Socket, reads: Link, writes: Link, outcome: Exclude<ConnectionOutcome, 'open'>) {
    socket.on('end', () => {
      this.line.ending(outcome)
      if (this.#isSilent) socket.destroy()
      reads.sourceEnded()
    })
    // An error is always followed by 'close', which says all that matters here.
    socket.on('error', () => this.line.ending(outcome))
    socket.on('close', () => {
      this.line.ending(outcome)
      if (!this.#isSilent) {
        writes.abort()
        reads.sourceEnded()
      }
      if (!this.#sockets.every((each) => each.closed)) return
      for (const watching of this.#watching.values()) watching[Symbol.dispose]()
      this.#parts.requests?.closed()
      this.line.close()
      this.#parts.closed()
    })
  }
}
