import { defineToxic } from './toxic.ts'

const stepMs = 100

/**
 * Passes `rate` KB/s (1 KB = 1000 B), each piece at the end of the time that it takes. What a timer overshoots is
 * taken off the next wait. A rate of 0 or less passes nothing until it is changed or removed.
 */
export const bandwidth = defineToxic({
  type: 'bandwidth',
  defaults: { rate: 0 },
  async chunk(stage, chunk) {
    const { rate } = stage.attributes
    stage.touch()
    if (rate <= 0) {
      await stage.pause(Number.POSITIVE_INFINITY)
      return stage.emit(chunk.bytes)
    }
    let rest = chunk.bytes
    stage.tally.debtMs += rest.length / rate
    while (rest.length > rate * stepMs) {
      if (!(await stage.pause(stepMs))) return forgive(rest)
      stage.tally.debtMs -= stepMs
      await stage.emit(rest.subarray(0, rate * stepMs))
      rest = rest.subarray(rate * stepMs)
    }
    const startedAt = performance.now()
    if (!(await stage.pause(stage.tally.debtMs))) return forgive(rest)
    stage.tally.debtMs -= performance.now() - startedAt
    return stage.emit(rest)

    function forgive(bytes: Buffer): Promise<void> {
      stage.tally.debtMs = 0
      return stage.emit(bytes)
    }
  },
})
