import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A server on loopback for the length of a benchmark. */
export interface Peer extends Disposable {
  readonly port: number
}

/** Sends back all that it gets. */
export async function startEcho(): Promise<Peer> {
  return startPeer((socket) => socket.on('data', (bytes) => socket.write(bytes)))
}

/** Reads and forgets; `received` counts the bytes of all connections. */
export async function startSink(): Promise<
  Peer & { received(): number; until(total: number): Promise<void> }
> {
  let received = 0
  let goal = { total: Number.POSITIVE_INFINITY, reached: () => {} }
  const peer = await startPeer((socket) =>
    socket.on('data', (bytes) => {
      received += bytes.length
      if (received >= goal.total) goal.reached()
    }),
  )
  return {
    port: peer.port,
    received: () => received,
    until: (total) =>
      new Promise((resolve) => {
        goal = { total, reached: resolve }
        if (received >= total) resolve()
      }),
    [Symbol.dispose]: () => peer[Symbol.dispose](),
  }
}

/** A connection without delays of its own. */
export async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket.on('error', () => {})
}

/** Writes `total` bytes in pieces of 64 KiB, as fast as they are taken. */
export async function pour(socket: Socket, total: number): Promise<void> {
  const piece = Buffer.alloc(65_536, 1)
  for (let left = total; left > 0; left -= piece.length)
    if (!socket.write(left < piece.length ? piece.subarray(0, left) : piece)) await once(socket, 'drain')
}

/** The ms of one round trip of 100 bytes. */
export async function roundTrip(socket: Socket): Promise<number> {
  const startedAt = performance.now()
  let left = 100
  const back = new Promise<void>((resolve) => {
    const count = (bytes: Buffer) => {
      left -= bytes.length
      if (left > 0) return
      socket.off('data', count)
      resolve()
    }
    socket.on('data', count)
  })
  socket.write(question)
  await back
  return performance.now() - startedAt
}

const question = Buffer.alloc(100, 7)

async function startPeer(accept: (socket: Socket) => void): Promise<Peer> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)))
    accept(socket)
  }).listen(0, '127.0.0.1', 4096)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.dispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
