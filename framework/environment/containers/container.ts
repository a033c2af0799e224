import { appendFile } from 'node:fs/promises'
import { FaultlineError, messageOf, orAbort } from '#core'
import type { Engine } from './engine.ts'
import { roleLabel } from './labels.ts'

/** The network that a container is on: the run's, under a name, or that of another container. */
export type Attachment =
  | { readonly kind: 'network'; readonly network: string; readonly alias: string }
  | { readonly kind: 'shared'; readonly containerId: string }

/** What to start in a container of its own. */
export interface ContainerSpec {
  readonly role: string
  readonly image: string
  readonly attachment: Attachment
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly workingDir?: string
  /** Folders that it sees, read-only, at the same paths as here. */
  readonly mounts?: readonly string[]
  /** Files that it finds, by path. */
  readonly files?: Readonly<Record<string, string>>
  /** Ports that are reachable from here. */
  readonly ports?: readonly number[]
  /** Gets everything that it prints, until it ends for the first time. */
  readonly logFile: string
}

/** What every container of a run has in common. */
export interface Yard {
  readonly engine: Engine
  readonly leaseId: string
  /** On every container and network of the run. */
  readonly labels: Readonly<Record<string, string>>
  readonly hasReaper: boolean
  readonly signal: AbortSignal
}

/** A container that was started. */
export interface StartedContainer {
  readonly id: string
  /** Where one of its ports is reached from here, as `host:port`. */
  place(port: number): string
}

/** Starts a container; whether what is in it serves is for others to see. Throws FL2001. */
export async function startContainer(yard: Yard, spec: ContainerSpec): Promise<StartedContainer> {
  const { engine, signal } = yard
  signal.throwIfAborted()
  try {
    const started = await orAbort(define(yard, spec).start(), signal)
    const id = started.getId()
    followLog(engine, id, spec.logFile)
    return {
      id,
      place: (port) => `${engine.host}:${started.getMappedPort(port)}`,
    }
  } catch (cause) {
    signal.throwIfAborted()
    throw new FaultlineError(
      'FL2001',
      `the container of "${spec.role}" could not be started from ${spec.image}: ${messageOf(cause)}`,
      {
        remedy: 'Try `docker pull` with that image, or name another one in the `images` of the environment.',
        cause,
      },
    )
  }
}

/** Writes what a container prints from `since` on, in epoch seconds, to a file, until it ends. */
export function followLog({ client }: Engine, id: string, file: string, since = 0): void {
  const write = (text: string) => appendFile(file, text).catch(() => {})
  client.container.logs(client.container.getById(id), { since }).then(
    (stream) => stream.on('data', write).on('error', () => {}),
    // A log that can't be had must never harm the run.
    () => {},
  )
}

function define({ engine, labels, hasReaper }: Yard, spec: ContainerSpec) {
  const { attachment, mounts = [], files = {}, ports = [] } = spec
  const container = new (ownContainer(engine))(spec.image)
    .withLabels({ ...labels, [roleLabel]: spec.role })
    .withAutoCleanup(hasReaper)
    .withEnvironment({ ...spec.environment })
    .withBindMounts(mounts.map((path) => ({ source: path, target: path, mode: 'ro' })))
    .withCopyContentToContainer(Object.entries(files).map(([target, content]) => ({ target, content })))
    .withWaitStrategy(asSoonAsStarted)
  if (spec.entrypoint) container.withEntrypoint([...spec.entrypoint])
  if (spec.command) container.withCommand([...spec.command])
  if (spec.workingDir !== undefined) container.withWorkingDir(spec.workingDir)
  if (ports.length > 0) container.publish(ports, engine.isLocal ? '127.0.0.1' : undefined)
  if (attachment.kind === 'shared') container.withNetworkMode(`container:${attachment.containerId}`)
  else container.join(attachment.network, attachment.alias)
  return container
}

/** Readiness is looked at in each service's own protocol, where it matters. */
const asSoonAsStarted = {
  async waitUntilReady() {},
  withStartupTimeout: () => asSoonAsStarted,
  isStartupTimeoutSet: () => false,
  getStartupTimeout: () => 0,
}

/** Testcontainers' container, with what its options can't say. */
function ownContainer({ testcontainers }: Engine) {
  return class extends testcontainers.GenericContainer {
    /** Publishes ports, on one address of the engine's machine only where one is given. */
    publish(ports: readonly number[], address: string | undefined): void {
      this.withExposedPorts(...ports)
      const binding = { HostPort: '', ...(address !== undefined && { HostIp: address }) }
      for (const port of ports) this.hostConfig.PortBindings[`${port}/tcp`] = [binding]
    }

    /** Joins that network alone, not the engine's default one too. */
    join(network: string, alias: string): void {
      this.withNetworkMode(network)
      this.createOpts.NetworkingConfig = { EndpointsConfig: { [network]: { Aliases: [alias] } } }
    }
  }
}
