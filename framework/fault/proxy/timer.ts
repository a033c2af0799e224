/**
 * Calls back after `ms`, with less than a tenth of a millisecond of error on an idle machine.
 * Node's timers are whole milliseconds; the last one is waited out on the event loop, which goes on serving I/O.
 * `Infinity` never calls back. Gives a function that cancels.
 */
export function after(ms: number, callback: () => void): () => void {
  if (ms === Number.POSITIVE_INFINITY) return () => {}
  const due = performance.now() + ms
  let timer: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined
  const check = () => {
    const left = due - performance.now()
    if (left <= 0) callback()
    else if (left < 1.5) immediate = setImmediate(check)
    else timer = setTimeout(check, Math.min(left - 1, longestTimerMs))
  }
  check()
  return () => {
    clearTimeout(timer)
    clearImmediate(immediate)
  }
}

/** Beyond this, setTimeout would fire at once. */
const longestTimerMs = 2 ** 31 - 1
