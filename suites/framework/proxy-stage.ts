import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Target } from './proxy-target.ts'

/** The two ends of one connection through the proxy. */
export interface Pair {
  readonly client: End
  readonly server: End
}

/** A proxy between clients and a server that both belong to the test. */
export interface Stage extends AsyncDisposable {
  /** Host and port at which the proxy listens. */
  readonly port: number
  readonly listen: string
  readonly upstream: string
  open(): Promise<Pair>
  /** Connects without waiting for the server's end. */
  connect(): Promise<End>
  /** The server's ends of all connections so far. */
  readonly servers: readonly End[]
  toxic(type: string, attributes?: object, more?: object): Promise<void>
  update(name: string, change: object): Promise<void>
  removeToxic(name: string): Promise<void>
  patch(change: object): Promise<{ status: number; body: unknown }>
}

/** One end of a connection: what it read, when, and how it ended. */
export class End {
  readonly socket: Socket
  readonly reads: { readonly at: number; readonly bytes: Buffer }[] = []
  error: string | undefined

  #waiting: (() => void)[] = []

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (bytes) => {
      this.reads.push({ at: performance.now(), bytes })
      this.#changed()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.error = error.code
    })
    for (const event of ['end', 'close']) socket.on(event, () => this.#changed())
  }

  get received(): Buffer {
    return Buffer.concat(this.reads.map((read) => read.bytes))
  }

  /** Waits until so many bytes came; rejects when the connection ends before. */
  async until(count: number): Promise<Buffer> {
    let missing = count
    for (let seen = 0; missing > 0; ) {
      for (const { bytes } of this.reads.slice(seen)) missing -= bytes.length
      seen = this.reads.length
      if (missing <= 0) break
      if (this.isOver) throw new Error(`ended ${missing} bytes early (${this.error ?? 'FIN'})`)
      await this.#change()
    }
    return this.received
  }

  /** Waits for the peer's FIN or RST; gives what was received, and the error if there was one. */
  async ended(): Promise<{ text: string; error: string | undefined }> {
    while (!this.isOver) await this.#change()
    return { text: this.received.toString(), error: this.error }
  }

  get isOver(): boolean {
    return this.socket.readableEnded || this.socket.closed
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #changed(): void {
    for (const resume of this.#waiting.splice(0)) resume()
  }
}

/** Sends from one end, and gives the ms until all of it has arrived at the other. */
export async function transfer(from: End, to: End, bytes: string | Buffer): Promise<number> {
  const wanted = to.received.length + Buffer.byteLength(bytes)
  const startedAt = performance.now()
  from.socket.write(bytes)
  await to.until(wanted)
  return performance.now() - startedAt
}

/** The target with one fresh proxy named `p`; disposing deletes it and closes every end. */
export async function openStage(target: Target): Promise<Stage> {
  const server = createServer({ allowHalfOpen: true, noDelay: true })
  const servers: End[] = []
  const clients: Socket[] = []
  server.on('connection', (socket) => servers.push(new End(socket)))
  const upstream = await listen(server)
  const created = await target.call('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream })
  const { listen: address } = created.body as { listen: string }
  const port = Number(address.split(':').at(-1))
  const ask = async (method: string, path: string, body?: unknown) => {
    const reply = await target.call(method, path, body)
    if (reply.status >= 300) throw new Error(`${method} ${path}: ${reply.status} ${reply.text}`)
  }
  const open = async () => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    clients.push(socket)
    await once(socket, 'connect')
    return new End(socket)
  }
  return {
    port,
    listen: address,
    upstream,
    servers,
    connect: open,
    async open() {
      const before = servers.length
      const client = await open()
      while (servers.length === before) await once(server, 'connection')
      return { client, server: servers[before]! }
    },
    toxic: (type, attributes = {}, more = {}) =>
      ask('POST', '/proxies/p/toxics', { type, attributes, ...more }),
    update: (name, change) => ask('PATCH', `/proxies/p/toxics/${name}`, change),
    removeToxic: (name) => ask('DELETE', `/proxies/p/toxics/${name}`),
    patch: (change) => target.call('PATCH', '/proxies/p', change),
    async [Symbol.asyncDispose]() {
      for (const socket of [...clients, ...servers.map((end) => end.socket)]) socket.destroy()
      server.close()
      await target.clear()
    },
  }
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
