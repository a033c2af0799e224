import { bandwidth } from './bandwidth.ts'
import { connectHang } from './connect-hang.ts'
import { cut } from './cut.ts'
import { dns } from './dns.ts'
import { httpResponse } from './http-response.ts'
import { idleDeath } from './idle-death.ts'
import { latency } from './latency.ts'
import { limitData } from './limit-data.ts'
import { noop } from './noop.ts'
import { postgresError } from './postgres-error.ts'
import { postgresReadOnly } from './postgres-read-only.ts'
import { refuse } from './refuse.ts'
import { resetAfterCommit } from './reset-after-commit.ts'
import { resetPeer } from './reset-peer.ts'
import { sharedBandwidth } from './shared-bandwidth.ts'
import { slicer } from './slicer.ts'
import { slowAccept } from './slow-accept.ts'
import { slowClose } from './slow-close.ts'
import { timeout } from './timeout.ts'
import type { ToxicType } from './toxic.ts'
import { websocketClose } from './websocket-close.ts'

export type { Attributes, NameAnswer, ToxicStage, ToxicType } from './toxic.ts'

/** Toxiproxy's own kinds. */
const standard = [latency, bandwidth, slowClose, timeout, resetPeer, slicer, limitData, noop]

/** Kinds that a real Toxiproxy refuses. */
const further = [
  dns,
  refuse,
  connectHang,
  slowAccept,
  cut,
  idleDeath,
  sharedBandwidth,
  httpResponse,
  postgresError,
  postgresReadOnly,
  resetAfterCommit,
  websocketClose,
]

/** Every kind of toxic that the API knows, by its name on the wire. */
export const toxicTypes: ReadonlyMap<string, ToxicType> = new Map(
  [...standard, ...further].map((type) => [type.type, type]),
)

/** What only this proxy can do, by its name on the wire. */
export const furtherToxics: ReadonlySet<string> = new Set(further.map(({ type }) => type))
