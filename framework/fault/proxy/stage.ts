import type { Random } from '#core'
import type { Sink } from './chunk.ts'
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
}

/**
 * One toxic at work on one direction of one connection. No call from outside ever waits for the peer: an update or a
 * removal cuts a wait short, and a removed stage passes on what it holds and then leaves the chain by itself.
 */
export class Stage implements ToxicStage<Attributes> {
  readonly toxic: Toxic
  readonly random: Random
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
  #wake: () => void = () => {}
  #endWait: (completed: boolean) => void = () => {}

  constructor(toxic: Toxic, random: Random, output: Sink, host: StageHost) {
    this.toxic = toxic
    this.random = random
    this.output = output
    this.#host = host
    this.#chosen = random.next() < toxic.toxicity
    this.input = new ChunkQueue(toxic.type.capacityBytes ?? 0, () => this.#wake())
    void this.#run()
  }

  get attributes(): Attributes {
    return this.toxic.attributes
  }

  get removed(): boolean {
    return this.#removed
  }

  /** The toxic's attributes have changed; with `redraw`, its toxicity too. */
  update(redraw: boolean): void {
    if (redraw) this.#chosen = this.random.next() < this.toxic.toxicity
    this.#interrupt()
  }

  /** The toxic is gone: what waits here goes on at once, in order. */
  remove(): void {
    if (this.#chosen && this.toxic.type.closesWhenRemoved) {
      this.touch()
      this.close()
    }
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
      const acts = this.#chosen && !this.#removed
      const chunk = this.input.take()
      if (chunk) {
        if (acts) await type.chunk(this, chunk)
        else await this.output.put(chunk)
      } else if (this.input.isDone) {
        if (acts && type.end) await type.end(this)
        this.#finish()
      } else if (this.#removed) {
        this.#over = true
        this.#host.splice(this)
      } else {
        const limitMs = acts ? type.idleLimitMs?.(this.attributes) : undefined
        if (await this.#arrival(limitMs ?? Number.POSITIVE_INFINITY)) continue
        this.touch()
        this.close()
      }
    }
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
