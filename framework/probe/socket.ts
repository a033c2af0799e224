import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import type { ChannelEnd } from './channel.ts'
import { findingOf } from './families.ts'
import { resolvingSocket } from './resolve.ts'
import type { Stopwatch } from './stopwatch.ts'
import type { ProbeTarget } from './target.ts'

const securePort: Readonly<Record<string, number>> = { 'https:': 443, 'wss:': 443, 'tls:': 443 }
const plainPort = 80

/** Opens a TCP socket to the target's address, with TLS where its scheme says so, and measures each phase. */
export async function openSocket(
  target: ProbeTarget,
  stopwatch: Stopwatch,
  signal: AbortSignal,
): Promise<net.Socket> {
  const url = new URL(target.address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const defaultPort = securePort[url.protocol]
  const socket = resolvingSocket()
  timeConnect(socket, stopwatch)
  socket.connect(Number(url.port) || (defaultPort ?? plainPort), host)
  await opened(socket, 'connect', signal)
  socket.setNoDelay(true)
  if (defaultPort === undefined) return socket

  const secure = tls.connect({
    socket,
    ...(net.isIP(host) === 0 ? { servername: host } : { host }),
    ...(target.ca === undefined ? {} : { ca: [...tls.getCACertificates(), target.ca] }),
  })
  await opened(secure, 'secureConnect', signal)
  stopwatch.lap('tlsMs')
  return secure
}

/** Measures the phases of a socket that somebody connects. */
export function timeConnect(socket: net.Socket, stopwatch: Stopwatch): void {
  socket.once('lookup', () => stopwatch.lap('dnsMs'))
  socket.once('connect', () => stopwatch.lap('connectMs'))
}

/** Watches a socket; the function tells how it ended, or `undefined` while both sides are open. */
export function watchEnd(socket: net.Socket): () => ChannelEnd | undefined {
  let end: ChannelEnd | undefined
  const lose = (error: unknown) => {
    end ??= { kind: 'lost', finding: findingOf(error) }
  }
  socket.on('error', lose)
  socket.once('end', () => lose(closedByPeer()))
  socket.once('close', () => lose(closedByPeer()))
  return () => {
    // The event comes a turn after the fact.
    if (socket.destroyed) lose(closedByPeer())
    return end
  }
}

/** What a stream that ended where an answer was due is reported as. */
export function closedByPeer(): Error {
  return Object.assign(new Error('the peer closed the connection'), { code: 'ECONNRESET' })
}

async function opened(socket: net.Socket, event: string, signal: AbortSignal): Promise<void> {
  // A destroyed socket may still report an error, and nobody else listens.
  socket.on('error', () => {})
  try {
    await once(socket, event, { signal })
  } catch (error) {
    socket.destroy()
    throw signal.aborted ? signal.reason : error
  }
}
