import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { messageOf } from '#core'
import { bindError, formatHostPort, resolveListen } from './address.ts'
import { apiListener } from './api.ts'
import { type Populated, ProxyCollection, type ProxyRequest } from './collection.ts'
import { ledgerRoutes } from './ledger-routes.ts'
import type { Log } from './log.ts'
import { metricsRoutes } from './metrics-route.ts'
import type { NameServer } from './names.ts'
import { toxiproxyRoutes } from './routes.ts'
import { RuntimeMetrics } from './runtime-metrics.ts'
import { TrafficMetrics } from './traffic-metrics.ts'

/** How to start a proxy server. */
export interface ProxyServerOptions {
  /** Where the control API listens; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0, the default, lets the system choose. */
  readonly port?: number
  /** Decides every draw of toxicity, jitter and slice size; a random one unless given. */
  readonly seed?: number
  readonly log?: Log
  /** Created before the API answers; what can't be bound is logged. */
  readonly proxies?: readonly ProxyRequest[]
  /** Over UDP, on the same host, proxies have names there: `PROXY.faultline.test`. 0 lets the system choose; none unless given. */
  readonly namesPort?: number
  /** What `/metrics` serves; there is no such path when it would be nothing. */
  readonly metrics?: { readonly proxy?: boolean; readonly runtime?: boolean }
}

/** A running fault proxy. Disposing it frees every port and cuts every connection. */
export interface ProxyServer extends AsyncDisposable {
  /** Where the control API answers, without a slash at the end. */
  readonly url: string
  /** Where to ask for the names of proxies, as `host:port`; absent where that wasn't asked for. */
  readonly names?: string
  readonly seed: number
  /** Creates proxies as `POST /populate` does. */
  populate(requests: readonly ProxyRequest[]): Promise<Populated>
}

/**
 * Starts a fault proxy with Toxiproxy's HTTP API. Rejects with an error that says why when the API's address, or
 * that of names, can't be had.
 */
export async function startProxyServer(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  await using stack = new AsyncDisposableStack()
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const log = options.log ?? (() => {})
  const traffic = options.metrics?.proxy ? new TrafficMetrics() : undefined
  const runtime = options.metrics?.runtime ? stack.use(new RuntimeMetrics()) : undefined
  const hasNames = options.namesPort !== undefined
  const proxies = stack.use(new ProxyCollection({ seed, log, hasNames, ...(traffic && { traffic }) }))
  if (options.proxies) await populate(proxies, options.proxies, log)

  const at = await resolveListen(
    formatHostPort({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 }),
  )
  const isLoopback = at.host === '::1' || at.host.startsWith('127.')
  const routes = [
    ...toxiproxyRoutes(proxies),
    ...ledgerRoutes(proxies, seed),
    ...metricsRoutes([traffic, runtime].filter((each) => each !== undefined)),
  ]
  const http = createServer(timeouts, apiListener({ routes, isLoopback, log }))
  try {
    http.listen({ ...at, exclusive: true })
    await once(http, 'listening')
  } catch (error) {
    throw bindError(at, error as NodeJS.ErrnoException)
  }
  stack.defer(() => closeHttp(http))
  const names = await openNames(options, at.host, proxies, log)
  if (names) stack.use(names)
  const { port } = http.address() as AddressInfo
  const everything = stack.move()
  return {
    url: `http://${formatHostPort({ host: isLoopback ? at.host : '127.0.0.1', port })}`,
    ...(names && { names: names.address }),
    seed,
    populate: (requests) => proxies.populate(requests),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  }
}

async function openNames(
  { namesPort }: ProxyServerOptions,
  host: string,
  proxies: ProxyCollection,
  log: Log,
): Promise<NameServer | undefined> {
  if (namesPort === undefined) return undefined
  // Most servers have no names, and needn't load what reads and writes DNS.
  const { startNameServer } = await import('./names.ts')
  return startNameServer({ host, port: namesPort }, () => proxies.all(), log)
}

const timeouts = { requestTimeout: 15_000, keepAliveTimeout: 60_000 }

async function populate(
  proxies: ProxyCollection,
  requests: readonly ProxyRequest[],
  log: Log,
): Promise<void> {
  const { proxies: created, failure } = await proxies.populate(requests)
  if (failure) log('error', 'Failed to populate proxies', { error: messageOf(failure) })
  else log('info', 'Populated proxies from file', { proxies: created.length })
}

/** Lets requests that are being answered finish, for a moment. */
function closeHttp(http: Server): Promise<void> {
  const impatience = setTimeout(() => http.closeAllConnections(), 500)
  return new Promise((resolve) => {
    http.close(() => {
      clearTimeout(impatience)
      resolve()
    })
    http.closeIdleConnections()
  })
}
