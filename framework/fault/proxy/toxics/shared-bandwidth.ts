import { limitRate, lookAheadBytes } from './bandwidth.ts'
import { defineToxic } from './toxic.ts'

/** As {@link bandwidth}, but `rate` is what all connections of the proxy have together, as on one line. */
export const sharedBandwidth = defineToxic({
  type: 'shared_bandwidth',
  defaults: { rate: 0 },
  capacityBytes: lookAheadBytes,
  chunk: (stage, chunk) => limitRate(stage, stage.shared, chunk),
})
