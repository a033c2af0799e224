import type { Random } from '#core'
import type { Chunk, Sink } from './chunk.ts'
import { ChunkQueue } from './queue.ts'
import { after, timerErrorMs } from './timer.ts'
import type { Toxic } from './toxic.ts'
import type { Attributes, ToxicStage } from './toxics/index.ts'

/** What a stage needs of the link that it is part of. */
export interface StageHost {
  /** The stage was removed and holds nothing any more: take it out of the chain. */
  splice(stage: Stage): void
  /** Its toxic ends the connection. */
  closing(): void
  reset(): void
  /** Its toxic has changed the connection: said once. */
  touch(): void
  /** Sends bytes back to where the link's bytes come from. */
  reply(bytes: Buffer): void
  /** Whether the server has sent anything yet. */
  answered(): boolean
}

/**
 * One toxic at work on one direction of one connection. No call from outside ever waits for the peer: an update or a
 * removal cuts a wait short, and a removed stage passes on what it holds and then leaves the chain by itself.
 */
export class Stage implements ToxicStage<Attributes> {
  readonly toxic: Toxic
  readonly random: Random
  readonly state: undefined
  readonly input: ChunkQueue
  readonly tally = { bytes: 0, freeAt: 0 }
  output: Sink
  readonly #host: StageHost
  #chosen: boolean
  #removed = false
  #over = false
  #idle = false
  #interrupted = false
  #touched = false
  #passed = 0
  #holdsNothing = false
  #wake: () => void = () => {}
  #endWait: (completed: boolean) => void = () => {}

  constructor(toxic: Toxic, random: Random, output: Sink, host: StageHost, isFresh: boolean) {
    this.toxic = toxic
    this.random = random
    this.output = output
    this.#host = host
    this.#chosen = random.next() < toxic.toxicity
    this.state = toxic.type.begin?.(isFresh)
    this.input = new ChunkQueue(
      () => toxic.type.capacityBytes?.(toxic.attributes) ?? 0,
      () => this.#wake(),
    )
    void this.#run()
  }

  get attributes(): Attributes {
    return this.toxic.attributes
  }

  get shared(): Toxic['shared'] {
    return this.toxic.shared
  }

  get removed(): boolean {
    return this.#removed
  }

  get acts(): boolean {
    return this.#chosen && !this.#removed && this.toxic.active && this.#isTriggered
  }

  /** The toxic's attributes have changed; with `redraw`, its toxicity too. */
  update(redraw: boolean): void {
    if (redraw) this.#chosen = this.random.next() < this.toxic.toxicity
    if (!this.toxic.active) this.#closeIfHeld()
    this.#interrupt()
  }

  /** The toxic is gone: what waits here goes on at once, in order. */
  remove(): void {
    this.#closeIfHeld()
    this.#removed = true
    this.#interrupt()
  }

  /** The connection is over: drop everything and stop. */
  abort(): void {
    this.#over = true
    this.input.discard()
    this.#endWait(false)
    this.#wake()
  }

  async emit(bytes: Buffer): Promise<void> {
    if (!this.#over) await this.output.put({ bytes, at: performance.now() })
  }

  pause(ms: number): Promise<boolean> {
    if (this.#interrupted || this.#over) return Promise.resolve(false)
    return ms <= timerErrorMs ? Promise.resolve(true) : this.#wait(ms)
  }

  async hold(ms: number): Promise<void> {
    const until = performance.now() + ms
    while (!this.#over && performance.now() < until) await this.#wait(until - performance.now())
  }

  reply(bytes: Buffer): void {
    if (!this.#over) this.#host.reply(bytes)
  }

  close(): void {
    if (this.#over) return
    this.#host.closing()
    this.#finish()
  }

  reset(): void {
    if (!this.#over) this.#host.reset()
  }

  touch(): void {
    if (this.#touched) return
    this.#touched = true
    this.#host.touch()
  }

  async #run(): Promise<void> {
    while (!this.#over) {
      this.#interrupted = false
      const { type } = this.toxic
      const chunk = this.input.take()
      if (chunk) await this.#pass(chunk)
      else if (this.input.isDone) {
        if (this.acts && type.end) await type.end(this)
        await this.#letGo()
        this.#finish()
      } else if (this.#removed) {
        await this.#letGo()
        this.#over = true
        this.#host.splice(this)
      } else {
        const limitMs = this.acts ? type.idleLimitMs?.(this.attributes, this.state) : undefined
        if (await this.#arrival(limitMs ?? Number.POSITIVE_INFINITY)) continue
        this.touch()
        if (type.idle) await type.idle(this)
        else this.close()
      }
    }
  }

  /** Has the toxic act on what comes after the bytes that it is to wait for. */
  async #pass(chunk: Chunk): Promise<void> {
    const left = (this.toxic.timing.trigger?.after_bytes ?? 0) - this.#passed
    const early = left > 0 ? chunk.bytes.subarray(0, left) : chunk.bytes
    await this.#handle(early === chunk.bytes ? chunk : { ...chunk, bytes: early })
    this.#passed += early.length
    if (early.length < chunk.bytes.length) await this.#pass({ ...chunk, bytes: chunk.bytes.subarray(left) })
  }

  async #handle(chunk: Chunk): Promise<void> {
    const { type } = this.toxic
    if (type.chunk && !this.#removed && (type.parses || this.acts)) return type.chunk(this, chunk)
    await this.#letGo()
    await this.output.put(chunk)
  }

  /** What a parser still holds goes first. */
  async #letGo(): Promise<void> {
    if (this.#holdsNothing || !this.toxic.type.held) return
    this.#holdsNothing = true
    const held = this.toxic.type.held(this.state)
    if (held.length > 0) await this.emit(held)
  }

  get #isTriggered(): boolean {
    const { trigger } = this.toxic.timing
    if (!trigger) return true
    if (trigger.on_first_byte_back && !this.#host.answered()) return false
    return this.#passed >= (trigger.after_bytes ?? 0)
  }

  /** What a toxic swallowed can't be given back. */
  #closeIfHeld(): void {
    if (!this.toxic.type.closesWhenRemoved || !(this.acts || this.#touched)) return
    this.touch()
    this.close()
  }

  #finish(): void {
    if (this.#over) return
    this.abort()
    this.output.end()
  }

  #interrupt(): void {
    if (this.#idle) this.#wake()
    else this.#interrupted = true
    this.#endWait(false)
  }

  /** False when nothing came for `limitMs`. */
  #arrival(limitMs: number): Promise<boolean> {
    this.#idle = true
    return new Promise((resolve) => {
      const settle = (arrived: boolean) => {
        cancel()
        this.#idle = false
        this.#wake = () => {}
        resolve(arrived)
      }
      let cancel = () => {}
      this.#wake = () => settle(true)
      cancel = after(limitMs, () => settle(false))
    })
  }

  #wait(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      let cancel = () => {}
      this.#endWait = (completed) => {
        cancel()
        this.#endWait = () => {}
        resolve(completed)
      }
      cancel = after(ms, () => this.#endWait(true))
    })
  }
}
