import { randomBytes } from 'node:crypto'
import { deadline, FaultlineError, messageOf, Secret, sleep } from '#core'
import type { ProbeTarget } from '#probe'
import { type ProxyToCreate, populate } from '../embedded/proxy.ts'
import { logFile } from '../embedded/site.ts'
import type { AgentDisturbing } from '../running.ts'
import { type StartedContainer, startContainer } from './container.ts'
import { agentHost, agentPort, apiPort, type PlannedProxy, relayHost, toxiproxyHost } from './places.ts'
import { nodeContainer, onNetwork, type Site } from './site.ts'

const readyLimitMs = 20_000

/** A server with the Toxiproxy API, and where that API is from here; no trailing slash. */
export interface RunningServer {
  readonly container: StartedContainer
  readonly apiUrl: string
}

/** Starts the real Toxiproxy, whose proxies lead to the relay. */
export async function startToxiproxy(site: Site, proxies: readonly PlannedProxy[]): Promise<RunningServer> {
  const log = logFile(site.options, 'toxiproxy')
  const container = await startContainer(site, {
    role: toxiproxyHost,
    image: site.definition.images.toxiproxy,
    // Named in full: what its image says is for a server that listens on loopback.
    command: [`-host=0.0.0.0`, `-port=${apiPort}`],
    environment: { LOG_LEVEL: 'info' },
    attachment: onNetwork(site, toxiproxyHost),
    ports: [apiPort, ...proxies.filter((proxy) => proxy.isPublished).map((proxy) => proxy.port)],
    logFile: log,
  })
  return serving(site, { container, log }, proxies, (proxy) => ({ upstream: `${relayHost}:${proxy.port}` }))
}

/**
 * Starts the relay behind Toxiproxy: our own proxy, which keeps the ledger that Toxiproxy doesn't. Its only toxic is half of
 * a silent link: it drops the requests that it has counted.
 * Behind it and not before it, so that clients meet Toxiproxy itself, down to how it refuses and resets.
 */
export async function startRelay(site: Site, proxies: readonly PlannedProxy[]): Promise<RunningServer> {
  const { proxy } = site.options.entries
  const listen = JSON.stringify({ host: '0.0.0.0', port: apiPort })
  const log = logFile(site.options, 'relay')
  const container = await startContainer(site, {
    role: relayHost,
    ...nodeContainer(site, { ...proxy, args: [...proxy.args, listen] }),
    attachment: onNetwork(site, relayHost),
    ports: [apiPort],
    logFile: log,
  })
  return serving(site, { container, log }, proxies, ({ service, protocol }) => ({
    upstream: service,
    ...(protocol && { protocol }),
  }))
}

async function serving(
  site: Site,
  { container, log }: { readonly container: StartedContainer; readonly log: string },
  proxies: readonly PlannedProxy[],
  behind: (proxy: PlannedProxy) => Pick<ProxyToCreate, 'upstream' | 'protocol'>,
): Promise<RunningServer> {
  const apiUrl = `http://${container.place(apiPort)}`
  await untilAnswers(`${apiUrl}/version`, log, site.signal)
  const wanted = proxies.map((proxy) => ({
    name: proxy.name,
    listen: `0.0.0.0:${proxy.port}`,
    ...behind(proxy),
  }))
  await populate(apiUrl, wanted, site.signal)
  return { container, apiUrl }
}

/** The app-side agent, on the network of the application. */
export interface RunningAgent {
  readonly url: string
  readonly token: Secret
  readonly disturbing: AgentDisturbing
}

/** Starts the agent with its own list of targets; they hold secrets and stay on its side. */
export async function startAgent(site: Site, targets: readonly ProbeTarget[]): Promise<RunningAgent> {
  const { agent } = site.options.entries
  const token = new Secret(randomBytes(24).toString('base64url'))
  const file = '/faultline-agent.json'
  const config = { host: '0.0.0.0', port: agentPort, token: token.reveal(), targets }
  const container = await startContainer(site, {
    role: agentHost,
    ...nodeContainer(site, { ...agent, args: [...agent.args, file] }),
    files: { [file]: JSON.stringify(config) },
    attachment: onNetwork(site, agentHost),
    ports: [agentPort],
    logFile: logFile(site.options, 'agent'),
  })
  const place = container.place(agentPort)
  await untilAnswers(`http://${place}/health/live`, logFile(site.options, 'agent'), site.signal)
  const own = site.engine.docker.getContainer(container.id)
  const disturbing: AgentDisturbing = {
    kill: async () => void (await own.kill()),
    freeze: async () => void (await own.pause()),
    thaw: async () => void (await own.unpause()),
  }
  return { url: `ws://${place}`, token, disturbing }
}

/** Waits until a URL gives a good answer: a published port accepts before anybody listens behind it. `file` is its log. */
async function untilAnswers(url: string, file: string, signal: AbortSignal): Promise<void> {
  using limit = deadline(readyLimitMs, signal)
  let last: unknown
  try {
    for (;;) {
      const answer = await fetch(url, { signal: limit.signal }).catch((error: unknown) => {
        last = error
      })
      await answer?.body?.cancel()
      if (answer?.ok) return
      await sleep(20, limit.signal)
    }
  } catch {
    signal.throwIfAborted()
    throw new FaultlineError(
      'FL2001',
      `${url} gave no good answer within ${readyLimitMs} ms: ${messageOf(last)}`,
      { remedy: `Read its log: ${file}` },
    )
  }
}
