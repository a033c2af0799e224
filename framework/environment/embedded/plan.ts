import { Secret } from '#core'
import { endsOf, hostNamed, type LinkName, linksOf, splitClient, type Topology } from '#topology'
import type { OwnDefinition } from '../define.ts'
import { at, placeOf } from '../given.ts'
import type { Connection, Connections } from '../running.ts'
import { databaseName, databaseUser } from './postgres/cluster.ts'

/** One proxy: where it listens, and for which service. */
export interface PlannedProxy {
  readonly name: string
  readonly link: LinkName
  readonly port: number
  /** The service behind it, as `host:port`. */
  readonly upstream: string
  /** What is read on the link for its ledger; absent where bytes pass unread. */
  readonly protocol?: 'http'
}

/** What listens where. Places stay for the whole run, so that a restarted service is where it was. */
export interface Plan {
  readonly topology: Topology
  readonly servicePorts: Readonly<Record<string, number>>
  /** Every service's, as `host:port`. */
  readonly servicePlaces: Readonly<Record<string, string>>
  readonly proxies: readonly PlannedProxy[]
}

/**
 * Gives every service that is ours to start, and every proxy, its port: `app.database` for the application, and beside it
 * `app.database.agent` for the agent, since a ledger and counters are per client.
 */
export async function planPorts(
  { services }: Pick<OwnDefinition, 'services'>,
  topology: Topology,
  pool: { take(): Promise<number> },
): Promise<Plan> {
  const servicePorts: Record<string, number> = {}
  const servicePlaces: Record<string, string> = {}
  for (const [name, service] of Object.entries(services)) {
    if (service.kind === 'given') servicePlaces[name] = placeOf(service)
    else {
      servicePorts[name] = await pool.take()
      servicePlaces[name] = `127.0.0.1:${servicePorts[name]}`
    }
  }
  const proxies: PlannedProxy[] = []
  for (const { name: link, from, to } of linksOf(topology)) {
    const upstream = servicePlaces[to]
    if (upstream === undefined) continue
    for (const name of proxyNames(link, from))
      proxies.push({ name, link, port: await pool.take(), upstream, ...readOn(topology, to) })
  }
  return { topology, servicePorts, servicePlaces, proxies }
}

/** The proxies that realise a link: the application's, and the agent's beside it, which needs none on the edge. */
export function proxyNames(link: LinkName, from: string): string[] {
  const name = proxyName(link)
  return from === 'client' ? [name] : [name, agentTwin(name)]
}

function proxyName(link: LinkName): string {
  return link.replace('/', '.')
}

/** What the proxies on a service's links read: its requests, where it speaks HTTP. */
export function readOn(topology: Topology, service: string): { protocol?: 'http' } {
  return topology.services[service]?.protocol === 'http' ? { protocol: 'http' } : {}
}

function agentTwin(name: string): string {
  return `${name}.agent`
}

/** The names of the proxies that realise a link; of `app/database#agent` and `app/database#app`, that client's alone. */
export function proxiesOf(
  { proxies }: { readonly proxies: readonly Pick<PlannedProxy, 'name' | 'link'>[] },
  target: LinkName,
): string[] {
  const { link, client } = splitClient(target)
  const isClients = (proxy: string) =>
    client === undefined || proxy.endsWith('.agent') === (client === 'agent')
  return proxies.filter((proxy) => proxy.link === link && isClients(proxy.name)).map((proxy) => proxy.name)
}

/** Where things listen for somebody, as `host:port`. */
export interface Places {
  /** A service itself. */
  service(name: string): string | undefined
  /** A proxy, by its name. */
  proxy(name: string): string | undefined
}

/** Where everything of an embedded environment listens. */
export function placesOf(plan: Plan): Places {
  return {
    service: (name) => plan.servicePlaces[name],
    proxy: (name) => {
      const proxy = plan.proxies.find((one) => one.name === name)
      return proxy && `127.0.0.1:${proxy.port}`
    },
  }
}

/** A database's address that gives its sessions the name, unless it gives them one already. */
function named(address: string, name: string): string {
  if (new URL(address).searchParams.has('application_name')) return address
  return `${address}${address.includes('?') ? '&' : '?'}application_name=${encodeURIComponent(name)}`
}

/** How somebody reaches everything in an environment that Faultline started. */
export class Addresses {
  readonly #services: OwnDefinition['services']
  readonly #topology: Topology
  readonly #places: Places
  readonly #password: Secret
  readonly #namedLinks: ReadonlySet<LinkName>

  /** Services and the agent reach what is at the end of `namedLinks` by a name. */
  constructor(
    definition: OwnDefinition,
    topology: Topology,
    places: Places,
    password: Secret,
    namedLinks: ReadonlySet<LinkName> = new Set(),
  ) {
    this.#services = definition.services
    this.#topology = topology
    this.#places = places
    this.#password = password
    this.#namedLinks = namedLinks
  }

  /** The service itself, past every link. */
  direct(service: string): string {
    return this.#url(service, this.#places.service(service))
  }

  /** Over a link, as the one who owns it. */
  over(link: LinkName): string {
    return this.#url(endsOf(link).to, this.#places.proxy(proxyName(link)))
  }

  /** Over a link, as the service that uses it: a database's own sessions then say whose they are. */
  overAsService(link: LinkName): string {
    const { from, to } = endsOf(link)
    const address = this.#overNamed(link, proxyName(link))
    return this.#topology.services[to]?.protocol === 'postgres' ? named(address, from) : address
  }

  /** Over a link, as the agent. */
  overAsAgent(link: LinkName): string {
    return this.#overNamed(link, agentTwin(proxyName(link)))
  }

  connections(): Connections {
    const topology = this.#topology
    const connection = (service: string, url: string): Connection => ({
      service,
      protocol: topology.services[service]?.protocol ?? 'tcp',
      url: new Secret(url),
    })
    return {
      entry: this.over(`client/${topology.entry}`),
      direct: Object.fromEntries(
        Object.keys(topology.services).map((name) => [name, connection(name, this.direct(name))]),
      ),
      links: Object.fromEntries(
        linksOf(topology).map((link) => [link.name, connection(link.to, this.over(link.name))]),
      ),
    }
  }

  /** By the proxy's name, where the link has one. */
  #overNamed(link: LinkName, proxy: string): string {
    const place = this.#places.proxy(proxy)
    const isNamed = place !== undefined && this.#namedLinks.has(link)
    return this.#url(endsOf(link).to, isNamed ? place.replace(/^.*(?=:)/, hostNamed(proxy)) : place)
  }

  #url(service: string, place: string | undefined): string {
    if (place === undefined) throw new RangeError(`nothing listens for "${service}"`)
    const defined = this.#services[service]
    if (defined && 'url' in defined) return at(defined, place)
    if (defined?.kind === 'postgres')
      return `postgres://${databaseUser}:${this.#password.reveal()}@${place}/${databaseName}`
    return `http://${place}`
  }
}
