import type { Secret } from '#core'
import type { ServiceOwner } from '#topology'
import type { GivenOptions } from './given.ts'

/** A service of a compose file: the environment starts it with Docker Compose, and ends it. */
export interface ComposeService {
  readonly kind: 'compose'
  /** The compose file, relative to the folder of the configuration file. */
  readonly file: string
  /** What the file calls it. */
  readonly service: string
  /** Where it listens in its container. */
  readonly port: number
  /** Protocol, user, password and path; its host is replaced. */
  readonly url: string | Secret
  readonly owner: ServiceOwner
  readonly egress: string
  /** The path that answers 200 as long as it serves at all; HTTP only. */
  readonly health: string
}

/** How a service of a compose file is used. */
export interface ComposeServiceOptions extends GivenOptions {
  /** The port inside its container. */
  port: number
  /** Says protocol, user, password and path: `postgres://user:password@any/app`. HTTP unless given. */
  url?: string | Secret
  /** What the file calls it, where that is another name. */
  service?: string
}

/**
 * Declares services of a compose file, for an environment of {@link containers}:
 * `services: { ...compose('compose.yaml', { database: { port: 5432, url: 'postgres://…' } }), app: node(…) }`.
 * They are started together with what the file says that they depend on, and end with the run.
 */
export function compose<Name extends string>(
  file: string,
  services: Readonly<Record<Name, ComposeServiceOptions>>,
): Record<Name, ComposeService> {
  const declared = Object.entries<ComposeServiceOptions>(services).map(
    ([name, options]): [string, ComposeService] => [
      name,
      {
        kind: 'compose',
        file,
        service: options.service ?? name,
        port: options.port,
        url: options.url ?? 'http://container',
        owner: options.owner ?? 'external',
        egress: options.egress ?? 'default',
        health: options.health ?? '/health/live',
      },
    ],
  )
  return Object.fromEntries(declared) as Record<Name, ComposeService>
}
