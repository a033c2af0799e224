/** Whoever has looks taken at a steady pace, and doesn't want them to end when the way to the agent does. */
export interface Watcher {
  /** The same after it has come back. */
  readonly name: string
  /** How often it asks for a round of looks, in ms. */
  readonly intervalMs: number
}

/** An agent looks by itself for a watcher that is away for this long at most, in ms. */
export const longestVigilMs = 60_000
/** For so many that are away: beyond that, nobody looks any more for the one that is away for the longest time. */
const mostLost = 32
/** A watcher that hasn't been heard of between this many beats of its interval is away, though its connection may stand. */
const silentBeats = 2

/** For each watcher: looks are taken in its name while it is away. */
export class Vigils {
  readonly #lookAtAll: () => void
  readonly #vigils = new Map<string, Vigil>()

  /** `lookAtAll` begins a round of looks, and doesn't wait for it. */
  constructor(lookAtAll: () => void) {
    this.#lookAtAll = lookAtAll
  }

  /** For a watcher that is there; one of its name from before is over. */
  begin({ name, intervalMs }: Watcher): Vigil {
    this.#vigils.get(name)?.end()
    const lost = [...this.#vigils.values()].filter(({ isLost }) => isLost)
    if (lost.length >= mostLost) lost[0]?.end()
    const vigil = new Vigil(intervalMs, this.#lookAtAll, () => {
      if (this.#vigils.get(name) === vigil) this.#vigils.delete(name)
    })
    this.#vigils.set(name, vigil)
    return vigil
  }

  [Symbol.dispose](): void {
    for (const vigil of this.#vigils.values()) vigil.end()
  }
}

/** One watcher's, from when it begins to watch until it takes its leave, comes back anew, or stays away for too long. */
export class Vigil {
  readonly #timer: NodeJS.Timeout
  readonly #lookAtAll: () => void
  readonly #ended: () => void
  /** Since the watcher was last heard of. */
  #beats = 0
  #isLost = false
  #isOver = false

  constructor(intervalMs: number, lookAtAll: () => void, ended: () => void) {
    this.#lookAtAll = lookAtAll
    this.#ended = ended
    this.#timer = setInterval(() => {
      this.#beats += 1
      if (this.#beats * intervalMs > longestVigilMs) this.end()
      else if (this.#isLost || this.#beats >= silentBeats) lookAtAll()
    }, intervalMs)
  }

  /** Whether the watcher's connection has ended, and not by its own will. */
  get isLost(): boolean {
    return this.#isLost
  }

  /** The watcher gave a sign of life. */
  heard(): void {
    this.#beats = 0
  }

  /** The watcher's connection has ended, and not by its own will: looks are taken from now on. */
  lost(): void {
    if (this.#isOver) return
    this.#isLost = true
    this.#lookAtAll()
  }

  end(): void {
    clearInterval(this.#timer)
    this.#isOver = true
    this.#ended()
  }
}
