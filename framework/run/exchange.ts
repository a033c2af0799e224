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
  /**
   * How the conversation went, not whether its answer was welcome: `ok`, an answer came, also a 4xx or a rejected
   * statement; `failed`, none came, it broke off, or somebody on the way or the service said that it can't serve (5xx,
   * SQLSTATE 08, 53, 57 …); `aborted`, the caller ended it.
   */
  readonly outcome: 'ok' | 'failed' | 'aborted'
  /** HTTP status, SQLSTATE, WebSocket close code or errno; absent when the caller ended it. */
  readonly code?: string
  readonly producer?: Producer
  readonly identity?: Identity
  /** The answer was complete and of the declared type. */
  readonly wellFormed?: boolean
  /** Services that the application named in its answer as the reason (a claim: it may open an incident, never decide it). */
  readonly claims?: readonly string[]
}
