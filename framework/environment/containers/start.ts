import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type EntryCommand, entryCommand, FaultlineError, messageOf, Secret } from '#core'
import { basicsOf } from '../basics.ts'
import { type ContainersDefinition, topologyOf } from '../define.ts'
import { Addresses, proxiesOf } from '../embedded/plan.ts'
import { PortPool } from '../embedded/ports.ts'
import { EventHub, Services } from '../embedded/services.ts'
import { logFile, timed } from '../embedded/site.ts'
import { Targets } from '../embedded/targets.ts'
import { takeServingLease } from '../keeper/lease.ts'
import { embeddedLookTimes } from '../look-times.ts'
import type { RunningEnvironment } from '../running.ts'
import { launchCompose } from './compose-services.ts'
import { type StartedContainer, startContainer } from './container.ts'
import { engineVariables, hasReaper, openEngine } from './engine.ts'
import { leaseLabel, ownerLabel } from './labels.ts'
import { launch, type Supervision } from './launch.ts'
import { ownMark, removeLeftovers } from './leftovers.ts'
import { mountsOf } from './mounts.ts'
import {
  type PlannedProxy,
  placesInside,
  placesOutside,
  planProxies,
  relayHost,
  servicePort,
  toxiproxyHost,
} from './places.ts'
import { type RunningAgent, type RunningServer, startAgent, startRelay, startToxiproxy } from './platform.ts'
import { type StartedService, serviceSpec, startPod, takeIn, untilDatabaseServes } from './services.ts'
import type { ContainersOptions, Site } from './site.ts'
import { startWatcher } from './watcher.ts'

/**
 * Brings up an environment of containers. Settles when the platform's parts serve (PostgreSQL, the proxies, the agent)
 * and every other service was started: whether those come up is for probes to see.
 * Throws FL2001, FL2002 when `testcontainers` is missing, and FL2005 without a Docker engine; nothing is left behind then.
 */
export async function startContainers(
  definition: ContainersDefinition,
  options: ContainersOptions,
): Promise<RunningEnvironment> {
  await using ending = new AsyncDisposableStack()
  const failed = new AbortController()
  const site = await openSite(definition, options, AbortSignal.any([options.signal, failed.signal]), ending)
  const watcher = ending.use(await startWatcher(site))
  const services = ending.use(new Services())
  const hub = new EventHub()
  hub.listen((event) =>
    options.journal.append({ at: event.at, source: 'supervisor', kind: 'platform-event', data: event }),
  )
  const started = await bringUp(site, { watcher, services, hub }, (error) => failed.abort(error))
  return running(site, started, { watcher, services, hub }, ending.move())
}

/** Finds the engine, takes the run's lease and makes its network; `ending` gives them back. */
async function openSite(
  definition: ContainersDefinition,
  options: ContainersOptions,
  signal: AbortSignal,
  ending: AsyncDisposableStack,
): Promise<Site> {
  const { root, entries, inheritEnv } = options
  await mkdir(join(options.stateDir, 'logs'), { recursive: true })
  const engine = await openEngine(inheritEnv, signal)
  const lease = ending.use(
    takeServingLease({
      keeper: entries.keeper,
      folders: [],
      cleanUp: cleanerCommand(),
      environment: { ...basicsOf(inheritEnv), ...engineVariables(inheritEnv) },
      logFile: logFile(options, 'keeper'),
      signal,
    }),
  )
  // Only a keeper that serves can remove what is made from here on.
  const { controlUrl, ports } = await lease.ready
  const network = `faultline-${lease.id}`
  const labels = {
    [leaseLabel]: lease.id,
    [ownerLabel]: JSON.stringify(await ownMark(lease.keeper)),
  }
  await Promise.all([
    engine.docker.createNetwork({ Name: network, Labels: labels }),
    // What another run left must not keep this one from starting.
    removeLeftovers(engine.docker).catch(() => {}),
  ])
  return {
    engine,
    leaseId: lease.id,
    labels,
    hasReaper: await hasReaper(engine),
    signal,
    definition,
    topology: topologyOf(definition),
    options,
    lease,
    network,
    controlUrl,
    ports: new PortPool(ports),
    mounts: mountsOf(
      root,
      [entries.proxy, entries.agent].flatMap(({ args }) => args.slice(-1)),
    ),
    password: new Secret(randomBytes(24).toString('base64url')),
  }
}

function cleanerCommand(): EntryCommand {
  return entryCommand(import.meta.url, './cleaner/main')
}

interface Started {
  readonly addresses: Addresses
  readonly proxies: readonly PlannedProxy[]
  readonly targets: Targets
  readonly toxiproxy: RunningServer
  readonly relay: RunningServer
  /** Absent when it was lost on its way up: a gap in what is seen, and the run goes on. */
  readonly agent: RunningAgent | undefined
}

/**
 * Starts everything, each part as soon as what it needs is there. When one fails, `giveUp` is to abort the others,
 * and all have settled before this rejects.
 */
async function bringUp(
  site: Site,
  supervision: Supervision,
  giveUp: (error: unknown) => void,
): Promise<Started> {
  const { definition, topology, password, options } = site
  const { journal, lookTimes = embeddedLookTimes } = options
  const proxies = planProxies(topology, definition.services)
  const inside = new Addresses(definition, topology, placesInside(definition.services, proxies), password)
  const insideTargets = new Targets(definition, topology, inside, lookTimes).agent()
  const startService = ([name, service]: [string, StartedService], pod: StartedContainer) =>
    launchProgram(site, supervision, name, service, { pod, inside })
  const entries = startedServices(site)

  const podsStarted = timed(journal, 'start pods', () => startPods(site))
  const databasesServe = podsStarted.then((pods) =>
    timed(journal, 'start databases', () =>
      Promise.all(
        entries
          .flatMap(([name, service]) => (service.kind === 'postgres' ? [{ name, service }] : []))
          .map(async ({ name, service }) => {
            const pod = podOf(pods, name)
            await startService([name, service], pod)
            await untilDatabaseServes(site, name, pod.place(servicePort(service)))
          }),
      ),
    ),
  )
  const parts = [
    timed(journal, 'start toxiproxy', () => startToxiproxy(site, proxies)),
    timed(journal, 'start relay', () => startRelay(site, proxies)),
    timed(journal, 'start agent', () => startAgent(site, insideTargets)).catch((error) => {
      site.signal.throwIfAborted()
      journal.append({ source: 'session', kind: 'agent-lost', data: { reason: messageOf(error) } })
      return undefined
    }),
    podsStarted,
    databasesServe,
    timed(journal, 'start compose', () => launchCompose(site, supervision)),
    takeIn(site),
  ] as const
  try {
    const [toxiproxy, relay, agent, pods, , composed] = await Promise.all(parts)
    const outside = placesOutside(definition.services, proxies, {
      toxiproxy: toxiproxy.container,
      services: { ...pods, ...composed },
    })
    const addresses = new Addresses(definition, topology, outside, password)
    const targets = new Targets(definition, topology, addresses, lookTimes)
    await timed(journal, 'start services', () =>
      Promise.all(
        entries
          .filter(([, service]) => service.kind === 'node')
          .map((entry) => startService(entry, podOf(pods, entry[0]))),
      ),
    )
    return { addresses, proxies, targets, toxiproxy, relay, agent }
  } catch (error) {
    giveUp(error)
    await Promise.allSettled(parts)
    throw error
  }
}

/** The services that are ours to start. */
function startedServices({ definition }: Site): [string, StartedService][] {
  return Object.entries(definition.services).flatMap(([name, service]) =>
    service.kind === 'given' || service.kind === 'compose'
      ? []
      : [[name, service] as [string, StartedService]],
  )
}

async function startPods(site: Site): Promise<Record<string, StartedContainer>> {
  const pods = startedServices(site).map(
    async ([name, service]) => [name, await startPod(site, name, service)] as const,
  )
  return Object.fromEntries(await Promise.all(pods))
}

function podOf(pods: Readonly<Record<string, StartedContainer>>, service: string): StartedContainer {
  const pod = pods[service]
  if (!pod) throw new RangeError(`"${service}" has no pod`)
  return pod
}

/** Starts a service in a container of its own, in its pod. */
function launchProgram(
  site: Site,
  supervision: Supervision,
  name: string,
  service: StartedService,
  parts: { readonly pod: StartedContainer; readonly inside: Addresses },
): Promise<StartedContainer> {
  const spec = serviceSpec(site, name, service, parts)
  return launch(site, supervision, name, () => startContainer(site, spec))
}

function running(
  site: Site,
  started: Started,
  { watcher, services, hub }: Supervision,
  ending: AsyncDisposableStack,
): RunningEnvironment {
  const { addresses, proxies, targets, toxiproxy, relay, agent } = started
  const { lease, topology } = site
  let disposed: Promise<void> | undefined
  const dispose = () => {
    disposed ??= ending.disposeAsync()
    return disposed
  }
  const proxyLost = new Promise<FaultlineError>((resolve) => {
    for (const role of [toxiproxyHost, relayHost])
      watcher.onChange(role, ({ kind }) => {
        if (kind === 'ended' && !disposed)
          resolve(new FaultlineError('FL2004', `the container of ${role} ended before its run`))
      })
  })
  // Without its keeper nothing would end the run should its owner be killed, so it ends at once.
  lease.lost.then(dispose)
  return {
    kind: 'containers',
    topology,
    connections: addresses.connections(),
    runnerTargets: targets.runner(),
    controlUrl: site.controlUrl,
    ...(agent && { agent }),
    proxy: {
      apiUrl: toxiproxy.apiUrl,
      ledgerUrl: relay.apiUrl,
      proxiesOf: (link) => proxiesOf({ proxies }, link),
    },
    services,
    lease: { environment: lease.environment, hold: (pid) => lease.hold(pid) },
    processes: () => [{ role: 'keeper', pid: lease.keeper.pid }],
    tellsEvents: true,
    onEvent: (listener) => hub.listen(listener),
    lost: Promise.race([lease.lost, watcher.lost, proxyLost]),
    [Symbol.asyncDispose]: dispose,
  }
}
