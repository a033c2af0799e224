/** Beyond this, setTimeout would fire at once. */
const longestTimerMs = 2 ** 31 - 1

/** As near as Node's timers, which are whole milliseconds of a clock that is itself rounded down, can come. */
export const timerErrorMs = 0.5

/**
 * Calls back after `ms`, to the nearest {@link timerErrorMs} on an idle machine; `Infinity` never does. Gives a function
 * that cancels. It never spins for more precision: on a busy machine the scheduler takes that back, many times over.
 */
export function after(ms: number, callback: () => void): () => void {
  if (ms === Number.POSITIVE_INFINITY) return () => {}
  const dueAt = performance.now() + ms
  let timer: NodeJS.Timeout | undefined
  const check = () => {
    const left = dueAt - performance.now()
    if (left <= timerErrorMs) callback()
    else timer = setTimeout(check, Math.min(Math.max(Math.floor(left), 1), longestTimerMs))
  }
  check()
  return () => clearTimeout(timer)
}
