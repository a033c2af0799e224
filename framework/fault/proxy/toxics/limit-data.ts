import { defineToxic } from './toxic.ts'

/** Passes exactly `bytes` bytes of the connection's direction, then closes. */
export const limitData = defineToxic({
  type: 'limit_data',
  defaults: { bytes: 0 },
  async chunk(stage, { bytes }) {
    const left = Math.max(stage.attributes.bytes - stage.tally.bytes, 0)
    const passed = bytes.subarray(0, left)
    stage.tally.bytes += passed.length
    if (passed.length > 0) await stage.emit(passed)
    if (bytes.length < left) return
    stage.touch()
    stage.close()
  },
})
