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
  /** What `/metrics` serves; there is no such path when it would be nothing. */
  readonly metrics?: { readonly proxy?: boolean; readonly runtime?: boolean }
}

/** A running fault proxy. Disposing it frees every port and cuts every connection. */
export interface ProxyServer extends AsyncDisposable {
  /** Where the control API answers, without a slash at the end. */
  readonly url: string
  readonly seed: number
  /** Creates proxies as `POST /populate` does. */
  populate(requests: readonly ProxyRequest[]): Promise<Populated>
}

/**
 * Starts a fault proxy with Toxiproxy's HTTP API. Rejects with an error that says why when the API's address
 * can't be had.
 */
export async function startProxyServer(options: ProxyServerOptions = {}): Promise<ProxyServer> {
  await using stack = new AsyncDisposableStack()
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const log = options.log ?? (() => {})
  const traffic = options.metrics?.proxy ? new TrafficMetrics() : undefined
  const runtime = options.metrics?.runtime ? stack.use(new RuntimeMetrics()) : undefined
  const proxies = stack.use(new ProxyCollection({ seed, log, ...(traffic && { traffic }) }))
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
  const { port } = http.address() as AddressInfo
  const everything = stack.move()
  return {
    url: `http://${formatHostPort({ host: isLoopback ? at.host : '127.0.0.1', port })}`,
    seed,
    populate: (requests) => proxies.populate(requests),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  }
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
