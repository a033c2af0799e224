import type { LinkFaultSpec, ProfileFaultSpec } from './spec.ts'

/**
 * Whether a fault changed anything: on a link at least one connection, on a service its process, on the runner its
 * lag. `null`: this cannot be known here, as with a proxy that keeps no ledger.
 */
export type Bit = boolean | null

/** A fault that is on. Releasing it, which disposing does too, undoes exactly what it did; twice is once. */
export interface FaultHandle extends AsyncDisposable {
  release(): Promise<void>
  /** While it is on: whether it has bitten so far; afterwards: whether it had. */
  bit(): Promise<Bit>
}

/** How faults are put on links. */
export interface LinkFaults {
  /**
   * Rejects, and leaves nothing behind, with FL4001 when the proxy can't be driven, and with FL4003 when it is a
   * Toxiproxy that doesn't have the fault, and no relay behind it can make it.
   */
  inject(spec: LinkFaultSpec | ProfileFaultSpec): Promise<FaultHandle>
}

/**
 * What an environment does to a service, also to its `agent` and `monitor`. Each gives a release that lets the
 * service run again; until then nothing restarts it.
 */
export interface ServiceFaultPort {
  /** Ends it as a platform does, with a signal that it may handle. */
  stop(service: string): Promise<AsyncDisposable>
  /** Halts it where it is: connections stay, nothing answers. */
  freeze(service: string): Promise<AsyncDisposable>
  /** Ends it without a warning. */
  kill(service: string): Promise<AsyncDisposable>
  /** Ends it and starts it again at once; the release has nothing to do. */
  restart(service: string): Promise<AsyncDisposable>
  /** Whether its process was seen stopped since the fault was put on. */
  seen(service: string): boolean | Promise<boolean>
}

/** What an environment does to the machine that runs the tests. */
export interface RunnerFaultPort {
  /** Takes nearly all CPU from test workers and the runner's probe, until released. */
  starve(): Promise<AsyncDisposable>
  /** Whether the lag was seen since then. */
  lagSeen(): boolean | Promise<boolean>
}
