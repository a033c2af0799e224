import type { Socket } from 'node:net'
import { createRandom } from '#core'
import { formatHostPort, resolveListen } from './address.ts'
import { ApiError, apiError } from './api-error.ts'
import { Connection } from './connection.ts'
import { dial } from './dial.ts'
import { Ledger, type LedgerLine } from './ledger.ts'
import { type Listener, listen } from './listener.ts'
import type { Log } from './log.ts'
import { seedOf } from './seed.ts'
import type { Direction, Toxic } from './toxic.ts'
import type { TrafficMetrics } from './traffic-metrics.ts'

/** What a proxy is told about itself. */
export interface ProxySpec {
  readonly name: string
  readonly listen: string
  readonly upstream: string
}

/** What every proxy of a server shares. */
export interface ProxyContext {
  readonly seed: number
  readonly log: Log
  /** Counts traffic, where that was asked for. */
  readonly traffic?: TrafficMetrics
}

/** One named listener, the upstream behind it, and the toxics on every connection between the two. */
export class FaultProxy {
  readonly name: string
  readonly ledger = new Ledger()
  readonly #context: ProxyContext
  #listen: string
  #upstream: string
  #listener: Listener | undefined
  #toxics: Readonly<Record<Direction, readonly Toxic[]>> = { upstream: [], downstream: [] }
  readonly #connections = new Set<Connection>()
  readonly #dialling = new Map<Socket, LedgerLine>()

  constructor(spec: ProxySpec, context: ProxyContext) {
    this.name = spec.name
    this.#listen = spec.listen
    this.#upstream = spec.upstream
    this.#context = context
  }

  /** As given until the first start; then the address that is, or was last, bound. */
  get listen(): string {
    return this.#listen
  }
  get upstream(): string {
    return this.#upstream
  }
  get enabled(): boolean {
    return this.#listener !== undefined
  }
  /** Upstream first, each direction in the order of its chain. */
  get toxics(): readonly Toxic[] {
    return [...this.#toxics.upstream, ...this.#toxics.downstream]
  }

  /** Binds, if it isn't bound. */
  async start(): Promise<void> {
    if (this.#listener) return
    const at = await resolveListen(this.#listen).catch((error: unknown) => {
      throw error instanceof ApiError ? apiError.address(`listen tcp: ${error.message}`) : error
    })
    this.#listener = await listen(at, (client) => this.#accept(client))
    this.#listen = this.#listener.address
    this.#context.log('info', 'Started proxy', this.#fields())
  }

  /** Stops listening and cuts every connection. Toxics stay. */
  async stop(): Promise<void> {
    const listener = this.#listener
    if (!listener) return
    this.#listener = undefined
    const closed = listener.close()
    for (const [client, line] of this.#dialling) {
      line.cut()
      client.destroy()
    }
    for (const connection of this.#connections) connection.cut()
    await closed
    this.#context.log('info', 'Terminated proxy', this.#fields())
  }

  /** Whether binding `listen` and dialling `upstream` would be anything new. Rejects when `listen` has no meaning. */
  async differs(spec: Omit<ProxySpec, 'name'>): Promise<boolean> {
    if (spec.upstream !== this.#upstream) return true
    if (spec.listen === this.#listen) return false
    return formatHostPort(await resolveListen(spec.listen)) !== this.#listen
  }

  /** Moves it; connections are cut. The caller starts it again. */
  async move(spec: Omit<ProxySpec, 'name'>): Promise<void> {
    await this.stop()
    this.#listen = spec.listen
    this.#upstream = spec.upstream
  }

  addToxic(toxic: Toxic): void {
    const chain = [...this.#toxics[toxic.direction], toxic]
    this.#toxics = { ...this.#toxics, [toxic.direction]: chain }
    for (const connection of this.#connections) connection.link(toxic.direction).add(toxic)
  }

  /** Takes over new values on every live connection. */
  updateToxic(toxic: Toxic, change: Partial<Pick<Toxic, 'attributes' | 'toxicity'>>): void {
    const redraw = change.toxicity !== undefined && change.toxicity !== toxic.toxicity
    Object.assign(toxic, change)
    for (const connection of this.#connections) connection.link(toxic.direction).update(toxic, redraw)
  }

  removeToxic(toxic: Toxic): void {
    const chain = this.#toxics[toxic.direction].filter((each) => each !== toxic)
    this.#toxics = { ...this.#toxics, [toxic.direction]: chain }
    for (const connection of this.#connections) connection.link(toxic.direction).remove(toxic)
  }

  /** The figures of all connections so far. */
  summary() {
    const open = [...this.#connections].map((connection) => connection.line)
    return this.ledger.summary([...open, ...this.#dialling.values()])
  }

  #accept(client: Socket): void {
    if (!this.#listener) return void client.destroy()
    const peer = formatHostPort({ host: client.remoteAddress ?? '', port: client.remotePort ?? 0 })
    const server = dial(this.#upstream)
    const line = this.ledger.open(peer, () => ({ up: client.bytesRead, down: server.bytesRead }))
    this.#context.log('info', 'Accepted client', { ...this.#fields(), client: peer })
    const gone = () => {
      this.#dialling.delete(client)
      line.ending('client-closed')
      line.close()
      server.destroy()
    }
    const failed = (error: Error) => {
      this.#context.log('error', 'Unable to open connection to upstream', {
        ...this.#fields(),
        error: error.message,
      })
      line.ending('dial-failed')
      client.destroy()
    }
    this.#dialling.set(client, line)
    client.on('error', () => {})
    client.once('close', gone)
    server.once('error', failed)
    server.once('connect', () => {
      server.off('error', failed)
      client.off('close', gone)
      this.#dialling.delete(client)
      this.#join(client, server, line)
    })
  }

  #join(client: Socket, server: Socket, line: LedgerLine): void {
    const labels = { proxy: this.name, listener: this.#listen, upstream: this.#upstream }
    const uncount = this.#context.traffic?.open(labels, client, server)
    const connection: Connection = new Connection({
      client,
      server,
      line,
      toxics: this.#toxics,
      randomFor: (toxic) => createRandom(seedOf(this.#context.seed, this.name, line.id, toxic.name)),
      affected: (toxic) => this.ledger.count(toxic.name),
      closed: () => {
        this.#connections.delete(connection)
        uncount?.()
      },
    })
    this.#connections.add(connection)
    client.resume()
  }

  #fields() {
    return { name: this.name, proxy: this.#listen, upstream: this.#upstream }
  }
}
