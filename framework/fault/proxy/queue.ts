import type { Chunk, Sink } from './chunk.ts'

/** The input of one toxic: whoever puts more than its capacity in bytes waits until they are taken. */
export class ChunkQueue implements Sink {
  readonly #capacityBytes: () => number
  readonly #onArrival: () => void
  #chunks: Chunk[] = []
  #bytes = 0
  #ended = false
  #discarded = false
  #waiting: (() => void)[] = []

  constructor(capacityBytes: () => number, onArrival: () => void) {
    this.#capacityBytes = capacityBytes
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
    this.#bytes += chunk.bytes.length
    this.#onArrival()
    if (this.#bytes <= this.#capacityBytes()) return undefined
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  end(): void {
    this.#ended = true
    this.#onArrival()
  }

  take(): Chunk | undefined {
    const chunk = this.#chunks.shift()
    this.#bytes -= chunk?.bytes.length ?? 0
    if (this.#bytes <= this.#capacityBytes()) this.#release()
    return chunk
  }

  /** Forgets everything, now and from now on, and lets every giver go on: nobody takes any more. */
  discard(): void {
    this.#discarded = true
    this.#chunks = []
    this.#bytes = 0
    this.#release()
  }

  #release(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }
}
