import { Secret } from '#core'
import type { ServiceOwner, ServiceProtocol } from '#topology'

/** A service that somebody else started. Others use it over links of their own, and it stays when they end. */
export interface GivenService {
  readonly kind: 'given'
  /** Where the runner reaches it: `http://`, `postgres://` or `tcp://`; it may hold a password. */
  readonly url: string | Secret
  readonly owner: ServiceOwner
  readonly egress: string
  /** The path that answers 200 as long as it serves at all; HTTP only. */
  readonly health: string
  /** Where it is a container: an environment of containers takes it into its network. */
  readonly container?: { readonly id: string; readonly port: number }
}

/** How a service that isn’t made from its own program or image is used. */
export interface GivenOptions {
  owner?: ServiceOwner
  egress?: string
  health?: string
}

/** What Testcontainers gives for a container that it started: the part of it that is needed. */
export interface StartedElsewhere {
  getId(): string
  getHost(): string
  getMappedPort(port: number): number
}

/** Declares a service that runs already, by the URL that the runner reaches it by. */
export function given(options: { url: string | Secret } & GivenOptions): GivenService {
  const { url, owner = 'external', egress = 'default', health = '/health/live' } = options
  return { kind: 'given', url, owner, egress, health }
}

/**
 * Declares a container that runs already, as `GenericContainer.start()` of Testcontainers gives it. `port` is the one
 * inside it; `url` says protocol, user, password and path (`postgres://user:password@any/app`), and its host is replaced.
 */
export function container(
  started: StartedElsewhere,
  options: { port: number; url?: string | Secret } & GivenOptions,
): GivenService {
  const { port, url = 'http://container', ...rest } = options
  const place = `${started.getHost()}:${started.getMappedPort(port)}`
  const reached = at({ url }, place)
  return {
    ...given({ ...rest, url: url instanceof Secret ? new Secret(reached) : reached }),
    container: { id: started.getId(), port },
  }
}

/** What a service that is declared by a URL speaks; undefined where its URL is none of those that are known. */
export function protocolOf({ url }: { readonly url: string | Secret }): ServiceProtocol | undefined {
  const parsed = URL.parse(reveal(url))
  if (!parsed?.hostname) return undefined
  return protocols[parsed.protocol]
}

/** Where the runner reaches it, as `host:port`. */
export function placeOf(service: { readonly url: string | Secret }): string {
  const { hostname, port, protocol } = new URL(reveal(service.url))
  return `${hostname}:${port || defaultPorts[protocol]}`
}

/** Its URL with another place in it. */
export function at({ url }: { readonly url: string | Secret }, place: string): string {
  return reveal(url).replace(
    /^(\w+:\/\/(?:[^@/?#]*@)?)[^/?#]*(\/$)?/,
    (_all, before: string) => before + place,
  )
}

function reveal(url: string | Secret): string {
  return url instanceof Secret ? url.reveal() : url
}

const protocols: Readonly<Record<string, ServiceProtocol>> = {
  'http:': 'http',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'tcp:': 'tcp',
}
const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'postgres:': 5432, 'postgresql:': 5432 }
