import type { FaultlineError, Secret } from '#core'
import type { ProbeTarget } from '#probe'
import type { LinkName, ServiceProtocol, Topology } from '#topology'
import type { PlatformEvent } from './event.ts'

/** Where a service is reached, and how. The URL may hold a password. */
export interface Connection {
  readonly service: string
  readonly protocol: ServiceProtocol
  readonly url: Secret
}

/** Every way to every service: `direct` and `links` differ in one word. */
export interface Connections {
  /** The entry as clients reach it, over its edge link. No trailing slash. */
  readonly entry: string
  /** Past every link, by service name; in a remote environment only what the runner can reach. */
  readonly direct: Readonly<Record<string, Connection>>
  /** Over a link, by link name; in a remote environment only the edge. */
  readonly links: Readonly<Record<LinkName, Connection>>
}

/** A disturbance of a service that lasts until it is disposed. */
export interface ServiceHold extends AsyncDisposable {
  readonly service: string
}

/** What a platform can do to its services. An unknown service throws FL4001. */
export interface ServiceControl {
  /** Ends it as a platform would, politely; it is started again when the hold is disposed. */
  stop(service: string): Promise<ServiceHold>
  /** Ends it with SIGKILL; it is started again when the hold is disposed. */
  kill(service: string): Promise<ServiceHold>
  /** Stops all of its processes where they are; they go on when the hold is disposed. */
  freeze(service: string): Promise<ServiceHold>
  /** Ends it politely and starts it again at once. */
  restart(service: string): Promise<void>
  /** Whether this service's process was seen gone, or frozen, by the doing of one of the above. */
  seenStopped(service: string): boolean
}

/** A process of the run, for people and for the journal. */
export interface ProcessEntry {
  readonly role: string
  readonly pid: number
}

/** What every process that the session itself starts for this run must carry, and where it is named. */
export interface RunLease {
  /** Environment variables for every such process: what carries them ends with the run. */
  readonly environment: Readonly<Record<string, string>>
  /** Names one, so that it is found where the system doesn't show environments. */
  hold(pid: number): void
}

/** What a fault may do to an agent. Nothing starts it again. */
export interface AgentDisturbing {
  kill(): Promise<void>
  freeze(): Promise<void>
  /** Lets it go on after a freeze. */
  thaw(): Promise<void>
}

/** An environment that is up. Disposing it ends everything that it started, and settles when all of it is gone. */
export interface RunningEnvironment extends AsyncDisposable {
  readonly kind: 'embedded' | 'containers' | 'remote'
  readonly topology: Topology
  readonly connections: Connections
  /** What to look at from beside the tests: the entry over its edge, and what tests use directly. */
  readonly runnerTargets: readonly ProbeTarget[]
  /** A URL behind no link, that tells the runner's own network from everybody's; not among the targets. */
  readonly controlUrl?: string
  readonly agent?: {
    readonly url: string
    readonly token: Secret
    /** Where it is no process of this machine: what a fault may do to it. */
    readonly disturbing?: AgentDisturbing
  }
  readonly proxy?: {
    readonly apiUrl: string
    /** The proxies that realise a link: the application's, and the agent's beside it. */
    proxiesOf(link: LinkName): readonly string[]
    /** Where the proxy keeps no ledger: the API of the relay that keeps it, under the same proxy names. */
    readonly ledgerUrl?: string
  }
  /** Absent where the environment may not be disturbed. */
  readonly services?: ServiceControl
  readonly lease: RunLease
  /** What of ours runs right now. */
  processes(): readonly ProcessEntry[]
  /** Whether somebody tells of the platform's doing. */
  readonly tellsEvents: boolean
  /** Calls `listener` for every platform event from now on; gives what ends that. */
  onEvent(listener: (event: PlatformEvent) => void): () => void
  /** Settles when a part is lost without which the run can't go on: FL2003 the keeper, FL2004 the proxy. */
  readonly lost: Promise<FaultlineError>
}
