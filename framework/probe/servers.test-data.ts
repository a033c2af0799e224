import { once } from 'node:events'
import net from 'node:net'
import type { ProbeTarget } from './target.ts'

/** A TCP server for tests: what `onSocket` does is its behaviour; it goes with every connection when disposed. */
export async function listenTcp(
  onSocket: (socket: net.Socket) => void,
): Promise<{ port: number; sockets: Set<net.Socket> } & AsyncDisposable> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** A port of this machine that nobody listens on. */
export async function closedPort(): Promise<number> {
  await using server = await listenTcp(() => {})
  return server.port
}

/** A target with limits that suit a test on a busy machine. */
export function targetAt(
  protocol: ProbeTarget['protocol'],
  address: string,
  more: Partial<ProbeTarget> = {},
): ProbeTarget {
  return {
    target: 'service',
    vantage: 'runner',
    protocol,
    address,
    timeoutMs: 5000,
    slowMs: 4000,
    ...more,
  }
}
