import { FaultlineError, messageOf } from '#core'
import { type OwnedChild, startOwned } from './child.ts'
import type { Plan } from './plan.ts'
import { logFile, type Site } from './site.ts'

/** The fault proxy process and where its Toxiproxy API is. */
export interface RunningProxy {
  readonly child: OwnedChild
  /** No trailing slash. */
  readonly apiUrl: string
  /** Where names of proxies are asked for, as `host:port`; absent where no link has one. */
  readonly names: string | undefined
}

/** Starts the fault proxy; it has no proxies yet. */
export async function startProxy(site: Site): Promise<RunningProxy> {
  const { entries, namedLinks } = site.options
  const options = namedLinks?.size ? [JSON.stringify({ namesPort: 0 })] : []
  const child = await startOwned(
    {
      role: 'proxy',
      command: { file: entries.proxy.file, args: [...entries.proxy.args, '--owned', ...options] },
      cwd: site.options.root,
      environment: site.baseEnvironment,
      logFile: logFile(site.options, 'proxy'),
      stopSignal: 'SIGTERM',
    },
    site.lease,
    { limitMs: 10_000, signal: site.signal },
  )
  const { ready } = child
  if (typeof ready !== 'object' || ready === null || !('url' in ready) || typeof ready.url !== 'string')
    throw new FaultlineError('FL2001', 'the fault proxy did not say where its API is')
  const names = 'names' in ready && typeof ready.names === 'string' ? ready.names : undefined
  return { child, apiUrl: ready.url.replace(/\/$/, ''), names }
}

/** One proxy to create; addresses are `host:port`. */
export interface ProxyToCreate {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly protocol?: 'http'
}

/** The proxies of a plan, all on this machine. */
export function proxiesToCreate(plan: Plan): ProxyToCreate[] {
  return plan.proxies.map(({ name, port, upstream, protocol }) => ({
    name,
    listen: `127.0.0.1:${port}`,
    upstream,
    ...(protocol && { protocol }),
  }))
}

/** Creates proxies in one call. Throws FL2001, with the server's own words, when one can't be. */
export async function populate(
  apiUrl: string,
  proxies: readonly ProxyToCreate[],
  signal: AbortSignal,
): Promise<void> {
  const body = proxies.map((proxy) => ({ ...proxy, enabled: true }))
  const request = { method: 'POST', body: JSON.stringify(body), signal }
  const response = await fetch(`${apiUrl}/populate`, request).catch((cause: unknown) => {
    signal.throwIfAborted()
    throw new FaultlineError(
      'FL2001',
      `the fault proxy could not be given its proxies: ${messageOf(cause)}`,
      {
        cause,
      },
    )
  })
  const text = await response.text()
  if (!response.ok)
    throw new FaultlineError(
      'FL2001',
      `the fault proxy refused its proxies: HTTP ${response.status} ${text.trim()}`,
    )
}
