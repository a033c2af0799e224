import { setTimeout as delay } from 'node:timers/promises'

/** Why a wait ended before its condition held; `signal.reason` of a deadline. */
export class DeadlineExceeded extends Error {
  readonly code = 'DEADLINE_EXCEEDED'
  readonly limitMs: number
  constructor(limitMs: number) {
    super(`deadline of ${limitMs} ms exceeded`)
    this.name = 'DeadlineExceeded'
    this.limitMs = limitMs
  }
}

/** A signal that aborts after `limitMs`, or when `parent` does; dispose it so that no timer is left behind. */
export function deadline(limitMs: number, parent?: AbortSignal): { signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new DeadlineExceeded(limitMs)), limitMs)
  const forward = () => controller.abort(parent?.reason)
  if (parent?.aborted) forward()
  else parent?.addEventListener('abort', forward, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      parent?.removeEventListener('abort', forward)
    },
  }
}

/** Waits; rejects with `signal.reason` when aborted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}

/**
 * Polls until `condition` gives something other than `undefined` or `false`, and gives that.
 * Rejects with {@link DeadlineExceeded} after `limitMs`, or with `signal.reason`.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: { limitMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<Exclude<T, undefined | false>> {
  using limit = deadline(options.limitMs, options.signal)
  for (;;) {
    const value = await condition()
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>
    await sleep(options.everyMs ?? 20, limit.signal)
  }
}

/** Waits until `work` has settled, for `limitMs` at most, whatever comes of it. Rejects with `signal.reason` alone. */
export async function waitAtMost(
  limitMs: number,
  work: Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  using limit = deadline(limitMs, signal)
  await orAbort(work, limit.signal).catch(() => signal.throwIfAborted())
}

/** Settles as `work` does, or rejects with `signal.reason` as soon as the signal aborts. */
export function orAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
