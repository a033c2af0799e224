import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { apiError } from './api-error.ts'

/** Where to listen or dial. */
export interface HostPort {
  /** Empty for every interface. */
  readonly host: string
  readonly port: number
}

/** Splits `host:port`, `:port` or `[v6]:port`; throws an {@link ApiError} in Toxiproxy's words. */
export function parseHostPort(address: string): HostPort {
  const bracketed = /^\[(.*)\]:(\d*)$/.exec(address)
  if (bracketed) return { host: bracketed[1]!, port: parsePort(bracketed[2]!) }
  const colon = address.lastIndexOf(':')
  if (colon < 0) throw apiError.address(`address ${address}: missing port in address`)
  const host = address.slice(0, colon)
  if (host.includes(':')) throw apiError.address(`address ${address}: too many colons in address`)
  return { host, port: parsePort(address.slice(colon + 1)) }
}

/** `host:port`, with brackets around IPv6. */
export function formatHostPort({ host, port }: HostPort): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

/**
 * The address that binding `listen` gives: names become IP addresses (IPv4 first) and every way to say "all
 * interfaces" becomes one, so that two spellings of one address are equal. Nothing given means loopback.
 */
export async function resolveListen(listen: string): Promise<HostPort> {
  if (listen === '') return { host: '127.0.0.1', port: 0 }
  const { host, port } = parseHostPort(listen)
  if (host === '' || host === '0.0.0.0' || host === '::') return { host: anyHost(), port }
  if (isIP(host)) return { host, port }
  try {
    const [first] = await lookup(host, { all: true, order: 'ipv4first' })
    if (first) return { host: first.address, port }
  } catch {
    // Said below, in the words that clients know.
  }
  throw apiError.address(`lookup ${host}: no such host`)
}

/** The words that Go has for a bind that failed. */
export function bindError(at: HostPort, error: NodeJS.ErrnoException): Error {
  const reason = bindReasons[error.code ?? ''] ?? error.message
  return apiError.address(`listen tcp ${formatHostPort(at)}: bind: ${reason}`)
}

const bindReasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'cannot assign requested address',
}

function parsePort(text: string): number {
  if (text === '') return 0
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) throw apiError.address(`address ${text}: invalid port`)
  return port
}

/** Both families on one socket where the machine has IPv6. */
function anyHost(): string {
  const hasV6 = Object.values(networkInterfaces()).some((all) => all?.some((each) => each.family === 'IPv6'))
  return hasV6 ? '::' : '0.0.0.0'
}
