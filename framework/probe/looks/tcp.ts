import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Channel, OpenChannel } from '../channel.ts'
import { LookFailure } from '../finding.ts'
import { openSocket, watchEnd } from '../socket.ts'

/** How long a fresh connection is watched: a proxy accepts first and hangs up when it can't reach what is behind it. */
const settleMs = 30
const dayMs = 86_400_000

/**
 * A TCP connection, with TLS for `tls://`. Asking sends nothing, since the protocol isn't known: the first time it
 * waits a moment for a peer that hangs up, later it only tells whether the connection is still there.
 */
export const openTcp: OpenChannel = async (target, stopwatch, signal) => {
  const socket = await openSocket(target, stopwatch, signal)
  const end = watchEnd(socket)
  socket.resume()
  let settled = false
  const channel: Channel = {
    async ask() {
      stopwatch.stop()
      if (!settled) await closedWithin(socket, settleMs)
      settled = true
      const ended = end()
      if (ended?.kind === 'lost') throw new LookFailure(ended.finding)
      return socket instanceof TLSSocket ? { outcome: 'ok', detail: describe(socket) } : { outcome: 'ok' }
    },
    get end() {
      return end()
    },
    close: () => socket.destroy(),
  }
  return channel
}

function describe(socket: TLSSocket): string {
  const daysLeft = Math.floor((Date.parse(socket.getPeerCertificate().valid_to) - Date.now()) / dayMs)
  return `${socket.getProtocol()}, the certificate ends in ${daysLeft} days`
}

function closedWithin(socket: Socket, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) return resolve()
    const done = () => {
      clearTimeout(timer)
      socket.off('close', done)
      resolve()
    }
    const timer = setTimeout(done, limitMs)
    socket.once('close', done)
  })
}
