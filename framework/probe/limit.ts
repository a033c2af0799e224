import { DeadlineExceeded } from '#core'

const laps = 4

/**
 * A deadline for one look, fair to the peer when this process itself stood still: the time is counted in laps, so that
 * a stall uses up one of them at most, and what arrived during the stall is read before the look is given up.
 */
export function lookLimit(limitMs: number, parent: AbortSignal): { signal: AbortSignal } & Disposable {
  const controller = new AbortController()
  let timer: NodeJS.Timeout
  const lap = (left: number) => {
    timer = setTimeout(() => {
      if (left > 1) lap(left - 1)
      else setImmediate(() => controller.abort(new DeadlineExceeded(limitMs)))
    }, limitMs / laps)
  }
  lap(laps)
  const forward = () => controller.abort(parent.reason)
  if (parent.aborted) forward()
  else parent.addEventListener('abort', forward, { once: true })
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer)
      parent.removeEventListener('abort', forward)
    },
  }
}
