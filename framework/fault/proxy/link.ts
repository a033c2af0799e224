import type { Socket } from 'node:net'
import type { Random } from '#core'
import { type Chunk, chunksOf, type Sink } from './chunk.ts'
import { Stage, type StageHost } from './stage.ts'
import type { Toxic } from './toxic.ts'

/** What a link needs of the connection that it is half of. */
export interface LinkHost extends Omit<StageHost, 'splice' | 'touch'> {
  touch(toxic: Toxic): void
  randomFor(toxic: Toxic): Random
}

/**
 * One direction of one connection. Without toxics, reads go straight to the other socket; with some, through a chain of
 * stages. The chain changes while data flows, and no byte is lost or overtaken by that.
 */
export class Link {
  readonly #source: Socket
  readonly #destination: Socket
  readonly #host: LinkHost
  readonly #exit: Sink
  #stages: Stage[] = []
  #over = false
  #hasReplied = false
  #awaitsDrain = false
  #onDrain: (() => void)[] = []

  constructor(source: Socket, destination: Socket, host: LinkHost) {
    this.#source = source
    this.#destination = destination
    this.#host = host
    this.#exit = { put: (chunk) => this.#write(chunk), end: () => this.#finish() }
    source.on('data', (bytes) => this.#read(bytes))
    destination.on('drain', () => this.#drained())
  }

  /** Appends the toxic, nearest the destination. */
  add(toxic: Toxic): void {
    if (this.#over || !toxic.type.chunk) return
    const host = {
      splice: (leaving: Stage) => this.#splice(leaving),
      closing: () => this.#host.closing(),
      reset: () => this.#host.reset(),
      touch: () => this.#host.touch(toxic),
      reply: (bytes: Buffer) => {
        this.#hasReplied = true
        this.#host.reply(bytes)
      },
      answered: () => this.#host.answered(),
    }
    const isFresh = this.#source.bytesRead === 0
    const stage = new Stage(toxic, this.#host.randomFor(toxic), this.#exit, host, isFresh)
    const last = this.#stages.at(-1)
    if (last) last.output = stage.input
    this.#stages.push(stage)
  }

  update(toxic: Toxic, redraw: boolean): void {
    for (const stage of this.#stages) if (stage.toxic === toxic) stage.update(redraw)
  }

  remove(toxic: Toxic): void {
    for (const stage of this.#stages) if (stage.toxic === toxic) stage.remove()
  }

  /** The server has spoken: toxics that wait for that look again. */
  answered(): void {
    for (const stage of this.#stages) if (stage.toxic.timing.trigger?.on_first_byte_back) stage.update(false)
  }

  /** Bytes that don't come from the source, as if they did. */
  inject(bytes: Buffer): void {
    this.#read(bytes)
  }

  /** From now on everything is read and dropped. */
  mute(): void {
    this.abort()
    this.#source.resume()
  }

  /** The source has no more: the destination closes behind everything that was read. */
  sourceEnded(): void {
    if (this.#over) return
    const first = this.#stages[0]
    if (first) first.input.end()
    else this.#finish()
  }

  /** The destination is gone: nothing can be delivered any more. */
  abort(): void {
    this.#over = true
    for (const stage of this.#stages) stage.abort()
    this.#stages = []
    this.#rest()
    this.#drained()
  }

  #read(bytes: Buffer): void {
    const first = this.#stages[0]
    if (first) this.#enter(first, bytes)
    else if (!this.#over && !this.#destination.write(bytes)) {
      this.#awaitsDrain = true
      this.#source.pause()
    }
  }

  #enter(first: Stage, bytes: Buffer): void {
    let wait: Promise<void> | undefined
    for (const chunk of chunksOf(bytes)) wait = first.input.put(chunk) ?? wait
    if (!wait) return
    this.#source.pause()
    void wait.then(() => {
      if (!this.#over) this.#source.resume()
    })
  }

  #write({ bytes }: Chunk): Promise<void> | undefined {
    if (this.#over || this.#destination.write(bytes)) return undefined
    return new Promise((resolve) => this.#onDrain.push(resolve))
  }

  #drained(): void {
    const waiting = this.#onDrain
    this.#onDrain = []
    for (const resume of waiting) resume()
    if (!this.#awaitsDrain) return
    this.#awaitsDrain = false
    if (!this.#over) this.#source.resume()
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#rest()
    this.#destination.destroySoon()
  }

  /** Nothing is read any more; but a close with data unread is a reset, which may overtake a reply. */
  #rest(): void {
    if (this.#hasReplied) this.#source.resume()
    else this.#source.pause()
  }

  #splice(leaving: Stage): void {
    const at = this.#stages.indexOf(leaving)
    const before = this.#stages[at - 1]
    if (before) before.output = leaving.output
    this.#stages.splice(at, 1)
  }
}
