import { bandwidth } from './bandwidth.ts'
import { latency } from './latency.ts'
import { limitData } from './limit-data.ts'
import { noop } from './noop.ts'
import { resetPeer } from './reset-peer.ts'
import { slicer } from './slicer.ts'
import { slowClose } from './slow-close.ts'
import { timeout } from './timeout.ts'
import type { ToxicType } from './toxic.ts'

export type { Attributes, ToxicStage, ToxicType } from './toxic.ts'

/** Every kind of toxic that the API knows, by its name on the wire. */
export const toxicTypes: ReadonlyMap<string, ToxicType> = new Map(
  [latency, bandwidth, slowClose, timeout, resetPeer, slicer, limitData, noop].map((type) => [
    type.type,
    type,
  ]),
)
