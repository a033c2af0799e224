import { defineToxic } from './toxic.ts'

/** Delays every chunk by `latency` ± `jitter` ms, counted from its arrival: throughput stays, order stays. */
export const latency = defineToxic({
  type: 'latency',
  defaults: { latency: 0, jitter: 0 },
  capacityBytes: () => 64 * 1024 * 1024,
  async chunk(stage, chunk) {
    const { latency, jitter } = stage.attributes
    const delayMs = latency + (jitter > 0 ? stage.random.integer(-jitter, jitter - 1) : 0)
    if (delayMs > 0) {
      stage.touch()
      await stage.pause(delayMs - (performance.now() - chunk.at))
    }
    await stage.emit(chunk.bytes)
  },
})
