import { resolve } from 'node:path'
import { FaultlineError, messageOf } from '#core'
import type { NodeService, PostgresService } from '../define.ts'
import { serviceEnvironment } from '../embedded/environment-variables.ts'
import type { Addresses } from '../embedded/plan.ts'
import { databaseName, databaseUser } from '../embedded/postgres/cluster.ts'
import { untilServing } from '../embedded/postgres/server.ts'
import { logFile } from '../embedded/site.ts'
import { type ContainerSpec, type StartedContainer, startContainer } from './container.ts'
import { servicePort } from './places.ts'
import { nodeContainer, onNetwork, type Site } from './site.ts'

/** One that the environment starts itself. */
export type StartedService = PostgresService | NodeService

/**
 * Starts the container that holds a service's place on the network: its name, its address and its published ports outlive
 * the service, as a pod's do. A container that is stopped loses its address and its name, and gets other ports afterwards.
 */
export function startPod(site: Site, name: string, service: StartedService): Promise<StartedContainer> {
  return startContainer(site, {
    role: `pod.${name}`,
    image: site.definition.images.node,
    entrypoint: ['sleep', 'infinity'],
    attachment: onNetwork(site, name),
    ports: [servicePort(service)],
    logFile: logFile(site.options, `${name}.pod`),
  })
}

/** What a service's own container is, in its pod. */
export function serviceSpec(
  site: Site,
  name: string,
  service: StartedService,
  parts: { readonly pod: StartedContainer; readonly inside: Addresses },
): ContainerSpec {
  return {
    role: name,
    attachment: { kind: 'shared', containerId: parts.pod.id },
    logFile: logFile(site.options, name),
    ...(service.kind === 'postgres'
      ? postgresContainer(site)
      : programContainer(site, name, service, parts.inside)),
  }
}

function postgresContainer(site: Site): Pick<ContainerSpec, 'image' | 'command' | 'environment'> {
  // Nothing is flushed to disk: the data lives as long as the run.
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'timezone=UTC',
    'log_timezone=UTC',
  ]
  return {
    image: site.definition.images.postgres,
    command: ['postgres', ...settings.flatMap((setting) => ['-c', setting])],
    environment: {
      POSTGRES_USER: databaseUser,
      POSTGRES_PASSWORD: site.password.reveal(),
      POSTGRES_DB: databaseName,
    },
  }
}

function programContainer(site: Site, name: string, service: NodeService, inside: Addresses) {
  const { root, inheritEnv, buildId } = site.options
  const args = ['--disable-warning=ExperimentalWarning', resolve(root, service.file)]
  return {
    ...nodeContainer(site, { file: 'node', args }),
    environment: serviceEnvironment(name, service, {
      base: {},
      inherited: inheritEnv,
      addresses: inside,
      host: '0.0.0.0',
      port: servicePort(service),
      buildId,
    }),
  }
}

/** Takes containers that somebody else started into the run's network, each under its service's name. Throws FL2001. */
export async function takeIn(site: Site): Promise<void> {
  for (const [name, service] of Object.entries(site.definition.services))
    if (service.kind === 'given' && service.container) await connect(site, name, service.container.id)
}

/** Gives a container a place in the run's network, under its service's name. Throws FL2001. */
export async function connect(site: Site, name: string, id: string): Promise<void> {
  const network = site.engine.docker.getNetwork(site.network)
  await network.connect({ Container: id, EndpointConfig: { Aliases: [name] } }).catch((cause: unknown) => {
    throw new FaultlineError(
      'FL2001',
      `the container ${id} of "${name}" could not be taken into the run's network: ${messageOf(cause)}`,
      { cause, remedy: 'It has to run, on the same engine, and not with a network of its host’s.' },
    )
  })
}

/** Waits until a database serves, seen from here. Throws FL2001 when it doesn't in time. */
export async function untilDatabaseServes(site: Site, name: string, place: string): Promise<void> {
  const { hostname, port } = new URL(`tcp://${place}`)
  try {
    await untilServing(Number(port), { host: hostname, limitMs: 60_000, signal: site.signal })
  } catch (cause) {
    site.signal.throwIfAborted()
    throw new FaultlineError('FL2001', `the database "${name}" did not come up`, {
      cause,
      remedy: `Read its log: ${logFile(site.options, name)}`,
    })
  }
}
