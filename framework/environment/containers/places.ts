import { type LinkName, linksOf, type Topology } from '#topology'
import type { EmbeddedService, OwnDefinition } from '../define.ts'
import { type Places, proxyNames, readOn } from '../embedded/plan.ts'
import { placeOf } from '../given.ts'
import type { StartedContainer } from './container.ts'

/** The names of our own containers on the run's network. A service's name has no dot. */
export const toxiproxyHost = 'toxiproxy.faultline'
export const relayHost = 'relay.faultline'
export const agentHost = 'agent.faultline'

export const apiPort = 8474
export const agentPort = 8475
const firstProxyPort = 10_001

/** One proxy: the port is the same in Toxiproxy and in the relay behind it. */
export interface PlannedProxy {
  readonly name: string
  readonly link: LinkName
  /** Whether somebody here uses it: the application's, not the agent's beside it. */
  readonly isPublished: boolean
  readonly port: number
  /** The service behind it, as `host:port` on the run's network. */
  readonly service: string
  /** What the relay reads on the link for its ledger; absent where bytes pass unread. */
  readonly protocol?: 'http'
}

/** Every proxy of a topology, named as in an embedded environment. */
export function planProxies(topology: Topology, services: OwnDefinition['services']): PlannedProxy[] {
  const proxies = linksOf(topology).flatMap(({ name: link, from, to }) =>
    proxyNames(link, from).map((name, index) => ({ name, link, to, isPublished: index === 0 })),
  )
  return proxies.map(({ to, ...proxy }, index) => ({
    ...proxy,
    port: firstProxyPort + index,
    service: `${to}:${servicePort(services[to])}`,
    ...readOn(topology, to),
  }))
}

/** Where a service listens in its container. */
export function servicePort(service: EmbeddedService | undefined): number {
  if (service?.kind === 'given' && service.container) return service.container.port
  if (service?.kind === 'compose') return service.port
  return service?.kind === 'postgres' ? 5432 : 8080
}

/** Where things are for whoever is on the run's network. */
export function placesInside(services: OwnDefinition['services'], proxies: readonly PlannedProxy[]): Places {
  return {
    service: (name) => `${name}:${servicePort(services[name])}`,
    proxy: (name) => {
      const proxy = proxies.find((one) => one.name === name)
      return proxy && `${toxiproxyHost}:${proxy.port}`
    },
  }
}

/** Where things are from here: at published ports. */
export function placesOutside(
  services: OwnDefinition['services'],
  proxies: readonly PlannedProxy[],
  started: {
    readonly toxiproxy: StartedContainer
    /** What holds a service's ports, by its name. */
    readonly services: Readonly<Record<string, StartedContainer>>
  },
): Places {
  return {
    service: (name) => {
      const service = services[name]
      return service?.kind === 'given'
        ? placeOf(service)
        : started.services[name]?.place(servicePort(service))
    },
    proxy: (name) => {
      const proxy = proxies.find((one) => one.name === name && one.isPublished)
      return proxy && started.toxiproxy.place(proxy.port)
    },
  }
}
