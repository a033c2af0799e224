import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, isIP } from 'node:net'
import { bindError, formatHostPort, resolveListen } from './address.ts'
import { apiListener } from './api.ts'
import { type Populated, ProxyCollection, type ProxyRequest } from './collection.ts'
import { ledgerRoutes } from './ledger-routes.ts'
import type { Log } from './log.ts'
import { toxiproxyRoutes } from './routes.ts'

/** How to start a proxy server. */
export interface ProxyServerOptions {
  /** Where the control API listens; 127.0.0.1 unless given. */
  readonly host?: string
  /** 0, the default, lets the system choose. */
  readonly port?: number
  /** Decides every draw of toxicity, jitter and slice size; a random one unless given. */
  readonly seed?: number
  readonly log?: Log
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
  const seed = options.seed ?? Math.floor(Math.random() * 2 ** 32)
  const log = options.log ?? (() => {})
  const proxies = new ProxyCollection({ seed, log })
  const at = await resolveListen(
    formatHostPort({ host: options.host ?? '127.0.0.1', port: options.port ?? 0 }),
  )
  const routes = [...toxiproxyRoutes(proxies), ...ledgerRoutes(proxies)]
  const isLoopback = at.host === '::1' || at.host.startsWith('127.')
  const http = createServer(
    { requestTimeout: 15_000, keepAliveTimeout: 60_000 },
    apiListener({ routes, isLoopback, log }),
  )
  try {
    http.listen({ ...at, exclusive: true })
    await once(http, 'listening')
  } catch (error) {
    throw bindError(at, error as NodeJS.ErrnoException)
  }
  const { port } = http.address() as AddressInfo
  const host = isLoopback && isIP(at.host) ? at.host : '127.0.0.1'
  return {
    url: `http://${formatHostPort({ host, port })}`,
    seed,
    populate: (requests) => proxies.populate(requests),
    async [Symbol.asyncDispose]() {
      await closeHttp(http)
      await proxies[Symbol.asyncDispose]()
    },
  }
}

function closeHttp(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve())
    http.closeAllConnections()
  })
}
