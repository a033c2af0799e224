/** A figure of a configuration: a bare number, or one that says where it was read. */
export type Figure = number | { readonly value: number; readonly from: string }

/** A call that is made while a request is served. */
export interface CallBudget {
  /** The whole limit of one attempt, in milliseconds. */
  readonly timeoutMs: Figure
  /** How many attempts there may be of it, the first included. 1 unless told. */
  readonly attempts?: Figure
  /** All waits between the attempts together, in milliseconds. 0 unless told. */
  readonly backOffMs?: Figure
}

/** What a person waits on, from the outside in. Each must outlast the next; what a system doesn't have is left out. */
export interface RequestBudget {
  readonly clientMs?: Figure
  readonly gatewayMs?: Figure
  readonly serverMs?: Figure
  /** By the name of what is called. */
  readonly calls?: Readonly<Record<string, CallBudget>>
  readonly poolAcquireMs?: Figure
  /** When the client of the database gives up on a statement. */
  readonly queryMs?: Figure
  /** When the server of the database ends a statement. */
  readonly statementMs?: Figure
}

/** Connections that one instance of one service opens to a server. */
export interface PoolBudget {
  readonly size: Figure
  /** Connections beside the pool. 0 unless told. */
  readonly reserve?: Figure
  /** How many instances may run at once, those of a roll-out included. 1 unless told. */
  readonly instances?: Figure
}

/** Timers on connections that nobody uses, in milliseconds. */
export interface IdleBudget {
  /** When the path forgets an idle connection: the shortest of NAT, firewall and load balancer. */
  readonly pathMs?: Figure
  /** When the load balancer closes its idle connection to the server. */
  readonly gatewayKeepAliveMs?: Figure
  /** When the server closes an idle connection: Node's `keepAliveTimeout`. */
  readonly serverKeepAliveMs?: Figure
  /** How long a client keeps an idle connection for use. */
  readonly clientKeepAliveMs?: Figure
  /** How often the database client's kernel probes an idle connection; without it the pool's own limit counts. */
  readonly databaseKeepAliveMs?: Figure
  /** How long a pool keeps an idle connection. */
  readonly poolIdleMs?: Figure
  /** How often a WebSocket is pinged. */
  readonly webSocketPingMs?: Figure
}

/** The limits of one deployment that must agree with each other. Plain JSON. */
export interface TimeoutBudget {
  /** What it describes, for messages: `staging`. */
  readonly name: string
  readonly request: RequestBudget
  /** The longest that a person is made to wait, in milliseconds. 60,000 unless told. */
  readonly patienceMs?: Figure
  /** Limits of work that nobody waits on, in milliseconds, by name. */
  readonly background?: Readonly<Record<string, Figure>>
  /**
   * What a background connect must outlast: the time that the network path may take to come up, 600,000 behind a VPC
   * connector that scales. Left out where no such path exists; then no limit may be as long as that.
   */
  readonly slowPath?: { readonly outlastMs: Figure; readonly by: string }
  /** By service. */
  readonly pools?: Readonly<Record<string, PoolBudget>>
  /** `max_connections` of the server, less what it keeps for itself. */
  readonly serverConnections?: Figure
  readonly idle?: IdleBudget
}

/** One figure of a finding. */
export interface NamedFigure {
  /** Its path in the declaration, `request.serverMs`, or the sum that was compared. */
  readonly name: string
  readonly value: number
  /** Where it was read, if the declaration says. */
  readonly from?: string
}

/** Two figures that disagree. */
export interface Disagreement {
  readonly rule: string
  /** Both figures, the one that should be greater first. */
  readonly between: readonly [NamedFigure, NamedFigure]
  /** What is wrong, with both names and values. */
  readonly message: string
  readonly remedy: string
}
