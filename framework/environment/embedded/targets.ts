import type { ProbeTarget, Vantage } from '#probe'
import { edgeOf, type LinkName, linksOf, type Topology } from '#topology'
import type { OwnDefinition } from '../define.ts'
import type { LookTimes } from '../look-times.ts'
import type { Addresses } from './plan.ts'

/** What is looked at, and from where, in an environment that Faultline started. */
export class Targets {
  readonly #definition: OwnDefinition
  readonly #topology: Topology
  readonly #addresses: Addresses
  readonly #times: LookTimes

  constructor(definition: OwnDefinition, topology: Topology, addresses: Addresses, times: LookTimes) {
    this.#definition = definition
    this.#topology = topology
    this.#addresses = addresses
    this.#times = times
  }

  /** From beside the tests: the entry over its edge, and what the platform runs, past every link. */
  runner(): ProbeTarget[] {
    const edge = edgeOf(this.#topology)
    const platform = Object.values(this.#topology.services).filter((service) => service.owner === 'platform')
    return [
      this.#target(this.#topology.entry, 'runner', this.#addresses.over(edge), edge),
      ...platform.map(({ name }) => this.#target(name, 'runner', this.#addresses.direct(name))),
    ]
  }

  /** From beside the application: every link behind it over the agent's twin, and the entry's own address. */
  agent(): ProbeTarget[] {
    const { entry } = this.#topology
    const inner = linksOf(this.#topology).filter((link) => link.from !== 'client')
    return [
      this.#target(entry, 'app-side', this.#addresses.direct(entry)),
      ...inner.map((link) =>
        this.#target(link.to, 'app-side', this.#addresses.overAsAgent(link.name), link.name),
      ),
    ]
  }

  #target(service: string, vantage: Vantage, address: string, link?: LinkName): ProbeTarget {
    const defined = this.#definition.services[service]
    const protocol = this.#topology.services[service]?.protocol ?? 'tcp'
    return {
      target: service,
      vantage,
      ...(link !== undefined && { link }),
      address,
      protocol,
      ...(protocol === 'http' && defined && 'health' in defined && { path: defined.health }),
      ...this.#times,
    }
  }
}
