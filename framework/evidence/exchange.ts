import type { EpochMs } from '#core'
import type { Identity } from '#probe'

/** Who produced an HTTP answer, as far as its headers and body tell. */
export type Producer = 'application' | 'intermediary' | 'unknown'

/** One conversation of a test with the system under test: a request, a query, a WebSocket. */
export interface Exchange {
  readonly protocol: 'http' | 'websocket' | 'postgres'
  /** `GET /threads/:id`, `SELECT`, `GET /ws`: the operation, without values. */
  readonly operation: string
  /** The service that it was meant for, when the address is one of the topology's. */
  readonly target?: string
  readonly host?: string
  readonly from: EpochMs
  readonly to: EpochMs
  readonly outcome: 'ok' | 'failed' | 'aborted'
  /** HTTP status, SQLSTATE, WebSocket close code or errno. */
  readonly code?: string
  readonly producer?: Producer
  readonly identity?: Identity
  /** The answer was complete and of the declared type. */
  readonly wellFormed?: boolean
  /** Services that the application named in its answer as the reason (a claim: it may open an incident, never decide it). */
  readonly claims?: readonly string[]
}
