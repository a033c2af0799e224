import { orAbort } from '#core'

/** Work that several callers may wait for: begun by the first, given up when the last one leaves. */
export class Sharing<T> {
  #underWay:
    | { readonly result: Promise<T>; readonly controller: AbortController; waiters: number }
    | undefined

  /** Joins the work under way, or begins it. Rejects with the reason of `signal` as soon as that aborts. */
  async join(signal: AbortSignal, begin: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    this.#underWay ??= this.#begin(begin)
    const shared = this.#underWay
    shared.waiters += 1
    try {
      return await orAbort(shared.result, signal)
    } finally {
      shared.waiters -= 1
      if (shared.waiters === 0) {
        shared.controller.abort(signal.reason)
        if (this.#underWay === shared) this.#underWay = undefined
      }
    }
  }

  /** Ends the work under way: everybody who waits for it gets `reason`. */
  abort(reason: unknown): void {
    this.#underWay?.controller.abort(reason)
  }

  #begin(begin: (signal: AbortSignal) => Promise<T>) {
    const controller = new AbortController()
    const result = begin(controller.signal)
    const shared = { result, controller, waiters: 0 }
    const done = () => {
      if (this.#underWay === shared) this.#underWay = undefined
    }
    result.then(done, done)
    return shared
  }
}
