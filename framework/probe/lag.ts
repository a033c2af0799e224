import { performance } from 'node:perf_hooks'
import type { RunnerSample } from './observation.ts'

// Tests may replace the global clocks by false ones: these are the true ones, whatever they do.
const wallClock = Date.now
const monotonic = () => performance.timeOrigin + performance.now()

export interface LagSamplerOptions {
  /** Who is sampled: `probe`, `worker:<n>`. */
  readonly process: string
  readonly everyMs: number
  readonly emit: (sample: RunnerSample) => void
}

/**
 * Samples how late this thread's timers fire and how much processor it got meanwhile. Its timer doesn't keep the
 * process alive. A stall shows in the first sample after it, whose `lagMs` is its length: with a `cpuShare` near 0
 * where the processor was denied (or the thread waited in a system call), near 1 where its own code held the loop.
 */
export function startLagSampler(options: LagSamplerOptions): Disposable {
  let cpu = process.threadCpuUsage()
  let last = monotonic()
  let clockGapMs = wallClock() - last
  const timer = setInterval(() => {
    const at = monotonic()
    const used = process.threadCpuUsage(cpu)
    const elapsedMs = at - last
    const gapMs = wallClock() - at
    const clockStepMs = gapMs - clockGapMs
    cpu = process.threadCpuUsage()
    last = at
    clockGapMs = gapMs
    options.emit({
      at,
      process: options.process,
      lagMs: Math.max(0, elapsedMs - options.everyMs),
      cpuShare: (used.user + used.system) / 1000 / elapsedMs,
      clockStepMs,
    })
  }, options.everyMs)
  timer.unref()
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
