import type { Chunk, Sink } from './chunk.ts'

/** The input of one toxic: whoever puts more than `capacity` chunks waits until they are taken. */
export class ChunkQueue implements Sink {
  readonly #capacity: number
  readonly #onArrival: () => void
  #chunks: Chunk[] = []
  #ended = false
  #discarded = false
  #waiting: (() => void)[] = []

  constructor(capacity: number, onArrival: () => void) {
    this.#capacity = capacity
    this.#onArrival = onArrival
  }

  get isEmpty(): boolean {
    return this.#chunks.length === 0
  }

  /** Ended, and all that was put was taken. */
  get isDone(): boolean {
    return this.#ended && this.isEmpty
  }

  put(chunk: Chunk): Promise<void> | undefined {
    if (this.#discarded) return undefined
    this.#chunks.push(chunk)
    this.#onArrival()
    if (this.#chunks.length <= this.#capacity) return undefined
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  end(): void {
    this.#ended = true
    this.#onArrival()
  }

  take(): Chunk | undefined {
    const chunk = this.#chunks.shift()
    if (this.#chunks.length <= this.#capacity) this.#release()
    return chunk
  }

  /** Forgets everything, now and from now on, and lets every giver go on: nobody takes any more. */
  discard(): void {
    this.#discarded = true
    this.#chunks = []
    this.#release()
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }
}
