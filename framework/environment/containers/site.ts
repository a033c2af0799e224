import type { EntryCommand, Secret } from '#core'
import type { JournalSink } from '#journal'
import type { Topology } from '#topology'
import type { Variables } from '../basics.ts'
import type { ContainersDefinition } from '../define.ts'
import type { PortPool } from '../embedded/ports.ts'
import type { Lease } from '../keeper/lease.ts'
import type { LookTimes } from '../look-times.ts'
import type { Attachment, ContainerSpec, Yard } from './container.ts'

export interface ContainersOptions {
  /** The folder of the configuration file: programs are named relative to it. The engine must see this machine's files. */
  readonly root: string
  /** The run's own folder; logs are kept in `logs/` there. */
  readonly stateDir: string
  readonly entries: {
    readonly keeper: EntryCommand
    /** Our own proxy, which serves as the relay that keeps the ledger. */
    readonly proxy: EntryCommand
    readonly agent: EntryCommand
  }
  /** The environment of Faultline itself; services get what their definition names. */
  readonly inheritEnv: Variables
  readonly journal: JournalSink
  /** Aborts the bring-up, and nothing is left of it then; an environment that is up isn't touched by it. */
  readonly signal: AbortSignal
  /** What services stamp on their answers. */
  readonly buildId?: string
  readonly lookTimes?: LookTimes
}

/** What every part of a bring-up needs. */
export interface Site extends Yard {
  readonly definition: ContainersDefinition
  readonly topology: Topology
  readonly options: ContainersOptions
  readonly lease: Lease
  readonly network: string
  /** What tells the runner's own network from everybody's. */
  readonly controlUrl: string
  /** Ports that stay a service's own while it is down. */
  readonly ports: PortPool
  /** The folders that Node programs in containers see. */
  readonly mounts: readonly string[]
  readonly password: Secret
}

/** What runs one of our own entry files in a container: what runs it here, with the container's Node. */
export function nodeContainer(
  site: Site,
  command: EntryCommand,
): Pick<ContainerSpec, 'image' | 'entrypoint' | 'command' | 'mounts' | 'workingDir'> {
  return {
    image: site.definition.images.node,
    entrypoint: ['node'],
    command: command.args,
    mounts: site.mounts,
    workingDir: site.options.root,
  }
}

export function onNetwork(site: Site, alias: string): Attachment {
  return { kind: 'network', network: site.network, alias }
}
