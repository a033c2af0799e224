import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'

/**
 * Why a request may not drive the proxy, or undefined. No web page may: not by its browser's name, not across
 * origins, and not by a name that was made to resolve to this machine. The last holds for a server on loopback
 * only: elsewhere the operator has opened it, and any name may be its own.
 */
export function refusal(request: IncomingMessage, isLoopback: boolean): string | undefined {
  const { 'user-agent': agent, origin, host } = request.headers
  if (agent?.startsWith('Mozilla/')) return 'User agent not allowed'
  if (origin !== undefined) return 'Origin not allowed'
  if (isLoopback && host !== undefined && !isLocalName(host)) return 'Host not allowed'
  return undefined
}

function isLocalName(host: string): boolean {
  const name = host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
  return name === '' || isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost')
}
