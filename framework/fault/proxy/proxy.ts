import type { Socket } from 'node:net'
import { createRandom, messageOf } from '#core'
import { formatHostPort, resolveListen } from './address.ts'
import { ApiError, apiError } from './api-error.ts'
import { Connection } from './connection.ts'
import { dial } from './dial.ts'
import { Door, type DoorState } from './door.ts'
import { Ledger, type LedgerLine, type LedgerSummary } from './ledger.ts'
import type { Log } from './log.ts'
import { RequestLog } from './request-log.ts'
import { runSchedule } from './schedule-clock.ts'
import { seedOf } from './seed.ts'
import { after } from './timer.ts'
import type { Moment } from './timing.ts'
import { createToxic, type Direction, isMeantFor, type Toxic, type ToxicRequest } from './toxic.ts'
import type { NameAnswer } from './toxics/index.ts'
import type { TrafficMetrics } from './traffic-metrics.ts'

/** What a proxy is told about itself. */
export interface ProxySpec {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  /** `http` has its requests written down. */
  readonly protocol?: 'http'
}

/** What every proxy of a server shares. */
export interface ProxyContext {
  readonly seed: number
  readonly log: Log
  /** Whether proxies have names that can be looked up. */
  readonly hasNames?: boolean
  /** Counts traffic, where that was asked for. */
  readonly traffic?: TrafficMetrics
}

/** One named listener, the upstream behind it, and the toxics on every connection between the two. */
export class FaultProxy {
  readonly name: string
  readonly ledger = new Ledger()
  readonly protocol: ProxySpec['protocol']
  readonly requests = new RequestLog()
  readonly #context: ProxyContext
  #listen: string
  #upstream: string
  #enabled = false
  readonly #door = new Door((client) => this.#accept(client))
  #toxics: Readonly<Record<Direction, readonly Toxic[]>> = { upstream: [], downstream: [] }
  readonly #clocks = new Map<Toxic, Disposable>()
  readonly #connections = new Set<Connection>()
  readonly #dialling = new Map<Socket, LedgerLine>()
  /** What lets a connection go on that an accept holds up, by the toxic that does. */
  readonly #heldUp = new Map<() => void, Toxic>()

  constructor(spec: ProxySpec, context: ProxyContext) {
    this.name = spec.name
    this.protocol = spec.protocol
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
    return this.#enabled
  }
  /** Upstream first, each direction in the order of its chain. */
  get toxics(): readonly Toxic[] {
    return [...this.#toxics.upstream, ...this.#toxics.downstream]
  }

  /** Binds, if it isn't bound. */
  async start(): Promise<void> {
    if (this.#enabled) return
    const at = await resolveListen(this.#listen).catch((error: unknown) => {
      throw error instanceof ApiError ? apiError.address(`listen tcp: ${error.message}`) : error
    })
    this.#enabled = true
    try {
      this.#listen = await this.#door.open(at, this.#doorState)
    } catch (error) {
      this.#enabled = false
      throw error
    }
    this.#context.log('info', 'Started proxy', this.#fields())
  }

  /** Stops listening and cuts every connection. Toxics stay. */
  async stop(): Promise<void> {
    if (!this.#enabled) return
    this.#enabled = false
    const closed = this.#door.close()
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

  /** Settles when new connections meet it. */
  async addToxic(request: ToxicRequest): Promise<Toxic> {
    if (request.type.nameAnswer && !this.#context.hasNames)
      throw apiError.badBody(
        `${request.type.type}: this server answers for no names; start it with -names-port`,
      )
    const toxic = createToxic(request, this.ledger.accepted)
    const chain = [...this.#toxics[toxic.direction], toxic]
    this.#toxics = { ...this.#toxics, [toxic.direction]: chain }
    this.#clocks.set(
      toxic,
      runSchedule(toxic, (moment) => this.#take(toxic, moment)),
    )
    for (const connection of this.#connections)
      if (isMeantFor(toxic, connection.line.id)) connection.add(toxic)
    await this.#moveDoor()
    return toxic
  }

  /** Takes over new values on every live connection. */
  updateToxic(toxic: Toxic, change: Partial<Pick<Toxic, 'attributes' | 'toxicity'>>): void {
    const redraw = change.toxicity !== undefined && change.toxicity !== toxic.toxicity
    Object.assign(toxic, change, change.attributes && { base: change.attributes })
    for (const connection of this.#connections) connection.update(toxic, redraw)
  }

  /** Settles when new connections don't meet it any more. */
  async removeToxic(toxic: Toxic): Promise<void> {
    const chain = this.#toxics[toxic.direction].filter((each) => each !== toxic)
    this.#toxics = { ...this.#toxics, [toxic.direction]: chain }
    this.#stopClock(toxic)
    for (const connection of this.#connections) connection.remove(toxic)
    for (const [goOn, cause] of this.#heldUp) if (cause === toxic) goOn()
    await this.#moveDoor()
  }

  /** What somebody who looks up its name is to be told: by the toxic that was put on last. */
  lookUp(): NameAnswer {
    const toxic = this.toxics.findLast((each) => each.active && each.type.nameAnswer)
    if (!toxic?.type.nameAnswer) return { answer: 'address', delayMs: 0 }
    this.ledger.count(toxic.name)
    return toxic.type.nameAnswer(toxic.attributes)
  }

  /** Stops for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const toxic of this.#clocks.keys()) this.#stopClock(toxic)
    await this.stop()
  }

  /** The figures of all connections so far. */
  summary(): LedgerSummary {
    const open = [...this.#connections].map((connection) => connection.line)
    const summary = this.ledger.summary([...open, ...this.#dialling.values()])
    if (this.protocol !== 'http') return summary
    return { ...summary, requests: this.requests.count, failedRequests: this.requests.failed }
  }

  get #doorState(): DoorState {
    return this.toxics.findLast((toxic) => toxic.type.door && toxic.active)?.type.door ?? 'open'
  }

  async #moveDoor(): Promise<void> {
    if (this.#enabled) await this.#door.become(this.#doorState, this.#listen)
  }

  /** A schedule has come to a new moment. */
  #take(toxic: Toxic, { active, attributes }: Moment): void {
    const isChange =
      active !== toxic.active || JSON.stringify(attributes) !== JSON.stringify(toxic.attributes)
    if (!isChange) return
    Object.assign(toxic, { active, attributes })
    for (const connection of this.#connections) connection.update(toxic, false)
    this.#moveDoor().catch((error: unknown) =>
      this.#context.log('error', 'Unable to follow a schedule', {
        ...this.#fields(),
        error: messageOf(error),
      }),
    )
  }

  #stopClock(toxic: Toxic): void {
    this.#clocks.get(toxic)?.[Symbol.dispose]()
    this.#clocks.delete(toxic)
  }

  #accept(client: Socket): void {
    if (!this.#enabled) return void client.destroy()
    const peer = formatHostPort({ host: client.remoteAddress ?? '', port: client.remotePort ?? 0 })
    let server: Socket | undefined
    const line = this.ledger.open(peer, () => ({ up: client.bytesRead, down: server?.bytesRead ?? 0 }))
    this.#context.log('info', 'Accepted client', { ...this.#fields(), client: peer })
    this.#dialling.set(client, line)
    client.on('error', () => {})
    client.once('close', () => {
      if (!this.#dialling.delete(client)) return
      line.ending('client-closed')
      line.close()
      server?.destroy()
    })
    this.#holdUp(line, () => {
      if (!client.destroyed) server = this.#dial(client, line)
    })
  }

  /** Calls back when no toxic holds an accept up any more. */
  #holdUp(line: LedgerLine, goOn: () => void): void {
    const slow = this.toxics.filter(
      (toxic) => toxic.active && toxic.type.acceptDelayMs && isMeantFor(toxic, line.id),
    )
    const toxic = slow.find((each) => this.#randomFor(each, line).next() < each.toxicity)
    if (!toxic) {
      goOn()
      return
    }
    line.touch()
    this.ledger.count(toxic.name)
    const proceed = () => {
      cancel()
      if (this.#heldUp.delete(proceed)) goOn()
    }
    this.#heldUp.set(proceed, toxic)
    const cancel = after(toxic.type.acceptDelayMs?.(toxic.attributes) ?? 0, () => setImmediate(proceed))
  }

  #dial(client: Socket, line: LedgerLine): Socket {
    const server = dial(this.#upstream)
    const failed = (error: Error) => {
      this.#context.log('error', 'Unable to open connection to upstream', {
        ...this.#fields(),
        error: error.message,
      })
      line.ending('dial-failed')
      client.destroy()
    }
    server.once('error', failed)
    server.once('connect', () => {
      server.off('error', failed)
      this.#dialling.delete(client)
      this.#join(client, server, line)
    })
    return server
  }

  #randomFor(toxic: Toxic, line: LedgerLine) {
    return createRandom(seedOf(this.#context.seed, this.name, line.id, toxic.name))
  }

  #join(client: Socket, server: Socket, line: LedgerLine): void {
    const labels = { proxy: this.name, listener: this.#listen, upstream: this.#upstream }
    const uncount = this.#context.traffic?.open(labels, client, server)
    const connection: Connection = new Connection({
      client,
      server,
      line,
      toxics: this.toxics.filter((toxic) => isMeantFor(toxic, line.id)),
      ...(this.protocol === 'http' && { requests: this.requests.observe(line.id, line.client) }),
      randomFor: (toxic) => this.#randomFor(toxic, line),
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
