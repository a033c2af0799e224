import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

/** What a server does to whoever connects. */
export type Behaviour = (socket: Socket) => void

const megabyte = Buffer.alloc(1024 * 1024, 'x')

/** Writes as fast as the other side reads, for as long as it stays. */
function pour(socket: Socket, bytes: Buffer): void {
  const go = () => {
    while (!socket.destroyed && socket.write(bytes));
  }
  socket.on('drain', go)
  go()
}

/** Writes one byte after the other. */
function drip(socket: Socket, text: string): void {
  let at = 0
  const timer = setInterval(() => socket.write(text[at++ % text.length]!), 100)
  socket.once('close', () => clearInterval(timer))
}

const afterRequest =
  (act: Behaviour): Behaviour =>
  (socket) => {
    socket.once('data', () => act(socket))
  }

const ok = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))

/** Servers as nobody should have them, by what they do. */
export const hostile: Readonly<Record<string, Behaviour>> = {
  'accepts and says nothing': () => {},
  'sends a body without end': afterRequest((socket) => {
    socket.write(`${ok}\r\n`)
    pour(socket, megabyte)
  }),
  'sends an error of 100 MB': afterRequest((socket) => {
    socket.write(`HTTP/1.1 500 No\r\nContent-Length: ${100 * megabyte.length}\r\n\r\n`)
    pour(socket, megabyte)
  }),
  'sends headers a byte at a time': afterRequest((socket) => drip(socket, `${ok}X-Slow: yes\r\n`)),
  'sends a body a byte at a time': afterRequest((socket) => {
    socket.write(`${ok}\r\n`)
    drip(socket, ' ')
  }),
  'sends a header of 1 MB': afterRequest((socket) => socket.end(`${ok}X-Long: ${megabyte}\r\n\r\n{}`)),
  'sends a compressed bomb': afterRequest((socket) => {
    socket.write(`${ok}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`)
    socket.end(bomb)
  }),
  'redirects to itself without end': (socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n'))
  },
  'speaks no HTTP': afterRequest((socket) => socket.end('HTTP/9.9 ??? \0\0\r\n\r\n')),
  'sends zeros without end': (socket) => pour(socket, Buffer.alloc(1024 * 1024)),
  'announces a PostgreSQL message of 1 GB': afterRequest((socket) => {
    const head = Buffer.from('R....')
    head.writeInt32BE(0x4000_0000, 1)
    socket.write(head)
    pour(socket, megabyte)
  }),
  'sends WebSocket frames without end': afterRequest((socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    pour(socket, Buffer.alloc(60_000, Buffer.from([0x00, 0x04, 1, 2, 3, 4])))
  }),
}

/** A server that behaves so, until it is disposed. */
export async function serveHostile(behave: Behaviour): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
    behave(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
