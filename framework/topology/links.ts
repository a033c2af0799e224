import type { Link, LinkName, Needs, Topology } from './topology.ts'

/** The name of the link between two services. */
export function linkName(from: string, to: string): LinkName {
  return `${from}/${to}`
}

/** The services at the ends of a link. */
export function endsOf(link: LinkName): { readonly from: string; readonly to: string } {
  const slash = link.indexOf('/')
  return { from: link.slice(0, slash), to: link.slice(slash + 1) }
}

/** The link on which clients reach the entry. */
export function edgeOf(topology: Topology): LinkName {
  return linkName('client', topology.entry)
}

/**
 * All that the runner reaches at once: the edge, the control target and the agent. It is no link of the topology, since what is hurt
 * there tells nothing of one; faults act on it by this name.
 */
export const runnerNetwork: LinkName = 'runner/network'

/** A link, and the one client of it that is meant, where it is named as that client alone has it: `app/database#agent`. */
export function splitClient(target: LinkName): {
  readonly link: LinkName
  readonly client: string | undefined
} {
  const [link, client] = target.split('#')
  return { link: link as LinkName, client }
}

/** Where proxies have names: RFC 6761 keeps `.test` free of real ones. */
export const namesZone = 'faultline.test'

/** The host by which a proxy is reached where it has a name. */
export function hostNamed(proxy: string): string {
  return `${proxy}.${namesZone}`
}

/** Every link of the topology, the edge first. */
export function linksOf(topology: Topology): Link[] {
  const edge: Link = { name: edgeOf(topology), from: 'client', to: topology.entry, need: 'required' }
  const inner = Object.values(topology.services).flatMap((service) =>
    Object.entries(service.uses).map(([to, need]) => ({
      name: linkName(service.name, to),
      from: service.name,
      to,
      need,
    })),
  )
  return [edge, ...inner]
}

/** What one failure may lie on: services and links from the client's edge inwards. */
export interface Path {
  readonly services: readonly string[]
  readonly links: readonly LinkName[]
}

/**
 * The path of a test: what it needs as required, plus what it was seen to use, plus what those services
 * require in turn. An optional dependency is on the path only when `used` names it; so is what the test says that it can do
 * without, whoever else requires it.
 */
export function pathOf(topology: Topology, needs: Needs, used: Iterable<string> = []): Path {
  const services = new Set<string>([topology.entry])
  for (const [name, need] of Object.entries(needs)) if (need === 'required') services.add(name)
  for (const name of used) services.add(name)
  for (const name of services) {
    for (const [to, need] of Object.entries(topology.services[name]?.uses ?? {}))
      if (need === 'required' && needs[to] !== 'optional') services.add(to)
  }
  const links = linksOf(topology)
    .filter((link) => (link.from === 'client' || services.has(link.from)) && services.has(link.to))
    .map((link) => link.name)
  return { services: [...services], links }
}
