import type { ProbeTarget, Vantage } from '#probe'
import { edgeOf, type LinkName, linksOf, type Topology } from '#topology'
import type { EmbeddedDefinition } from '../define.ts'
import type { Addresses } from './plan.ts'

/** How long a look may take, and from when on an answer is slow. */
export interface LookLimits {
  readonly timeoutMs: number
  readonly slowMs: number
}

/** What is looked at, and from where, in an embedded environment. */
export class Targets {
  readonly #definition: EmbeddedDefinition
  readonly #topology: Topology
  readonly #addresses: Addresses
  readonly #limits: LookLimits

  constructor(definition: EmbeddedDefinition, topology: Topology, addresses: Addresses, limits: LookLimits) {
    this.#definition = definition
    this.#topology = topology
    this.#addresses = addresses
    this.#limits = limits
  }

  /** From beside the tests: the entry over its edge, what the platform runs, and the control. */
  runner(controlUrl: string): ProbeTarget[] {
    const edge = edgeOf(this.#topology)
    const platform = Object.values(this.#topology.services).filter((service) => service.owner === 'platform')
    return [
      this.#target(this.#topology.entry, 'runner', this.#addresses.over(edge), edge),
      ...platform.map(({ name }) => this.#target(name, 'runner', this.#addresses.direct(name))),
      {
        target: 'control',
        vantage: 'runner',
        protocol: 'http',
        address: controlUrl,
        path: '/',
        ...this.#limits,
      },
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
    return {
      target: service,
      vantage,
      ...(link !== undefined && { link }),
      address,
      ...(defined?.kind === 'node' ? { protocol: 'http', path: defined.health } : { protocol: 'postgres' }),
      ...this.#limits,
    }
  }
}
