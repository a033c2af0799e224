/** Whoever has looks taken at a steady pace, and doesn't want them to end when the way to the agent does. */
export interface Watcher {
  /** The same after it has come back. */
  readonly name: string
  /** How often it asks for a round of looks, in ms. */
  readonly intervalMs: number
}

/** An agent looks by itself for a watcher that is away for this long at most, in ms. */
export const longestVigilMs = 60_000
const maxVigils = 32

/** A watcher that hasn't been heard of between this many beats of its interval is away, though its connection may stand. */
const silentBeats = 2

interface Vigil {
  readonly timer: NodeJS.Timeout
  /** Since the watcher was last heard of. */
  beats: number
  isLost: boolean
}

/** For each watcher: looks are taken in its name while it is away. */
export class Vigils {
  readonly #lookAtAll: () => void
  readonly #vigils = new Map<string, Vigil>()

  /** `lookAtAll` begins a round of looks, and doesn't wait for it. */
  constructor(lookAtAll: () => void) {
    this.#lookAtAll = lookAtAll
  }

  /** Begins, or begins anew, for a watcher that is there. False when there are too many. */
  begin({ name, intervalMs }: Watcher): boolean {
    this.end(name)
    if (this.#vigils.size >= maxVigils) return false
    const timer = setInterval(() => {
      vigil.beats += 1
      if (vigil.beats * intervalMs > longestVigilMs) this.end(name)
      else if (vigil.isLost || vigil.beats >= silentBeats) this.#lookAtAll()
    }, intervalMs)
    const vigil: Vigil = { timer, beats: 0, isLost: false }
    this.#vigils.set(name, vigil)
    return true
  }

  /** The watcher gave a sign of life. */
  heard(name: string): void {
    const vigil = this.#vigils.get(name)
    if (vigil) vigil.beats = 0
  }

  /** The watcher's connection has ended, and not by its own will: looks are taken from now on. */
  lost(name: string): void {
    const vigil = this.#vigils.get(name)
    if (!vigil) return
    vigil.isLost = true
    this.#lookAtAll()
  }

  end(name: string): void {
    clearInterval(this.#vigils.get(name)?.timer)
    this.#vigils.delete(name)
  }

  [Symbol.dispose](): void {
    for (const name of this.#vigils.keys()) this.end(name)
  }
}
