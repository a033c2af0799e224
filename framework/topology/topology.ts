/** Who answers for a service: `sut` is ours and under test, `platform` is run for us, `external` is a third party. */
export type ServiceOwner = 'sut' | 'platform' | 'external'

/** The protocol that a service answers in; a probe clears a link only with an answer in it. */
export type ServiceProtocol = 'http' | 'postgres' | 'tcp'

/** How much a test, or a service, depends on a service. */
export type Need = 'required' | 'optional'

/** What a test says of the services it touches: by service name. */
export type Needs = Readonly<Record<string, Need>>

export interface Service {
  readonly name: string
  readonly owner: ServiceOwner
  readonly protocol: ServiceProtocol
  /** What it depends on, by service name. */
  readonly uses: Needs
  /** The name of the network that it goes out by: services that share one share its troubles. */
  readonly egress: string
  /**
   * How long after an outage of what it uses a sound one may still answer that it lacks it, in ms: its breaker's time to
   * recover. An error that names the service excuses itself for so long, and no longer.
   */
  readonly recoveryWithinMs?: number
  readonly readiness?: Readiness
}

/** Where a service says whether requests should be sent to it. */
export interface Readiness {
  /** Answers 200 only while the service reaches all that it covers, which it tries when it is asked. */
  readonly path: string
  /** Services that it uses. */
  readonly covers: readonly string[]
}

/** Services and links as data, the same for every environment. Plain JSON: it is a journal record. */
export interface Topology {
  /** The service that clients talk to. Always required. */
  readonly entry: string
  readonly services: Readonly<Record<string, Service>>
}

/** One directed network path, `from/to`. `client/<entry>` is the edge. */
export type LinkName = `${string}/${string}`

export interface Link {
  readonly name: LinkName
  /** A service, or `client`. */
  readonly from: string
  readonly to: string
  readonly need: Need
}
