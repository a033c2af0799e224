import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type EntryCommand, Secret } from '#core'
import type { JournalSink } from '#journal'
import type { ProbeTarget } from '#probe'
import { edgeOf, type LinkName } from '#topology'
import { basicsOf, type Variables } from '../basics.ts'
import { type RemoteDefinition, type RemoteService, topologyOf } from '../define.ts'
import type { PlatformEvent } from '../event.ts'
import { readEvents } from '../events/source.ts'
import { takeLease } from '../keeper/lease.ts'
import { type LookTimes, remoteLookTimes } from '../look-times.ts'
import type { Connection, Connections, RunningEnvironment } from '../running.ts'

export interface RemoteOptions {
  /** The run's own folder; the keeper's log is kept in `logs/` there. */
  readonly stateDir: string
  readonly entries: { readonly keeper: EntryCommand }
  /** The environment of Faultline itself. */
  readonly inheritEnv: Variables
  readonly signal: AbortSignal
  readonly lookTimes?: LookTimes
  readonly journal: JournalSink
}

/**
 * Takes an environment that runs already. Nothing of it is started or touched; only a keeper is, for what the
 * session starts here. Whether it can be reached is for probes to see, and a keeper that doesn't come up is lost.
 */
export async function startRemote(
  definition: RemoteDefinition,
  options: RemoteOptions,
): Promise<RunningEnvironment> {
  const logs = join(options.stateDir, 'logs')
  await mkdir(logs, { recursive: true })
  const lease = takeLease({
    keeper: options.entries.keeper,
    folders: [],
    environment: basicsOf(options.inheritEnv),
    logFile: join(logs, 'keeper.log'),
  })
  const topology = topologyOf(definition)
  const listeners = new Set<(event: PlatformEvent) => void>()
  const ending = new AbortController()
  if (definition.events)
    void readEvents(definition.events, {
      topology,
      environment: { ...options.inheritEnv, ...lease.environment },
      onSpawn: (pid) => lease.hold(pid),
      onEvent(event) {
        options.journal.append({ at: event.at, source: 'platform', kind: 'platform-event', data: event })
        for (const listener of listeners) listener(event)
      },
      onTrouble: (reason) =>
        options.journal.append({ source: 'platform', kind: 'events-trouble', data: { reason } }),
      signal: AbortSignal.any([options.signal, ending.signal]),
    })
  return {
    kind: 'remote',
    topology,
    connections: connectionsOf(definition, edgeOf(topology)),
    runnerTargets: targetsOf(definition, edgeOf(topology), options.lookTimes ?? remoteLookTimes),
    ...(definition.control !== undefined && { controlUrl: definition.control }),
    ...(definition.agent && { agent: definition.agent }),
    lease: { environment: lease.environment, hold: (pid) => lease.hold(pid) },
    processes: () => [{ role: 'keeper', pid: lease.keeper.pid }],
    tellsEvents: definition.events !== undefined,
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    lost: lease.lost,
    [Symbol.asyncDispose]() {
      ending.abort()
      return lease[Symbol.asyncDispose]()
    },
  }
}

function urlOf(service: RemoteService | undefined): string | undefined {
  const url = service?.url
  return (url instanceof Secret ? url.reveal() : url)?.replace(/\/$/, '')
}

function connectionsOf(definition: RemoteDefinition, edge: LinkName): Connections {
  const direct = Object.entries(definition.services).flatMap(([service, one]): [string, Connection][] => {
    const url = urlOf(one)
    // The entry is reached over its edge, and in no other way.
    return url === undefined || service === definition.entry
      ? []
      : [[service, { service, protocol: one.protocol, url: new Secret(url) }]]
  })
  const entry = urlOf(definition.services[definition.entry]) ?? ''
  const edgeConnection: Connection = { service: definition.entry, protocol: 'http', url: new Secret(entry) }
  return { entry, direct: Object.fromEntries(direct), links: { [edge]: edgeConnection } }
}

/** The entry over its edge, and what else the runner can reach; a look past the entry's edge there is none. */
function targetsOf(definition: RemoteDefinition, edge: LinkName, times: LookTimes): ProbeTarget[] {
  return Object.entries(definition.services).flatMap(([target, service]): ProbeTarget[] => {
    const address = urlOf(service)
    if (address === undefined) return []
    const link = target === definition.entry ? { link: edge } : {}
    return [
      {
        target,
        ...link,
        vantage: 'runner',
        address,
        protocol: service.protocol,
        path: service.health,
        ...times,
      },
    ]
  })
}
