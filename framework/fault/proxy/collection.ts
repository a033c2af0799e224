import { apiError } from './api-error.ts'
import { FaultProxy, type ProxyContext, type ProxySpec } from './proxy.ts'
import type { ToxicRequest } from './toxic.ts'

/** A proxy as it is asked for; `enabled` is true where it isn't given. */
export interface ProxyRequest extends ProxySpec {
  readonly enabled: boolean
  /** On from its first connection on. */
  readonly toxics?: readonly ToxicRequest[]
}

/** What an update may change; what isn't given stays. */
export type ProxyChange = Partial<Pick<ProxyRequest, 'listen' | 'upstream' | 'enabled'>>

/** How far a populate came. `failure` is why it stopped. */
export interface Populated {
  readonly proxies: readonly FaultProxy[]
  readonly failure?: unknown
}

/** All proxies of a server. What binds or cuts runs one at a time; none of it ever waits for a peer. */
export class ProxyCollection implements AsyncDisposable {
  readonly #proxies = new Map<string, FaultProxy>()
  readonly #context: ProxyContext
  #turn: Promise<unknown> = Promise.resolve()

  constructor(context: ProxyContext) {
    this.#context = context
  }

  /** Every proxy, by name. */
  all(): FaultProxy[] {
    return [...this.#proxies.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  get(name: string): FaultProxy {
    const proxy = this.#proxies.get(name)
    if (!proxy) throw apiError.noProxy()
    return proxy
  }

  create(request: ProxyRequest): Promise<FaultProxy> {
    return this.#inTurn(async () => {
      if (this.#proxies.has(request.name)) throw apiError.proxyExists()
      return this.#open(request)
    })
  }

  /** Creates what isn't there, replaces what differs, leaves the rest alone; stops at the first that can't be bound. */
  populate(requests: readonly ProxyRequest[]): Promise<Populated> {
    return this.#inTurn(async () => {
      const proxies: FaultProxy[] = []
      for (const request of requests) {
        try {
          proxies.push(await this.#upsert(request))
        } catch (failure) {
          return { proxies, failure }
        }
      }
      return { proxies }
    })
  }

  update(name: string, change: ProxyChange): Promise<FaultProxy> {
    return this.#inTurn(async () => {
      const proxy = this.get(name)
      const spec = { listen: change.listen ?? proxy.listen, upstream: change.upstream ?? proxy.upstream }
      const enabled = change.enabled ?? proxy.enabled
      if (await proxy.differs(spec)) await proxy.move(spec)
      await (enabled ? proxy.start() : proxy.stop())
      return proxy
    })
  }

  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      const proxy = this.get(name)
      this.#proxies.delete(name)
      await proxy[Symbol.asyncDispose]()
    })
  }

  /** Starts what is stopped and removes every toxic; tries all before it reports the first that can't be bound. */
  reset(): Promise<void> {
    return this.#inTurn(async () => {
      const failures: unknown[] = []
      for (const proxy of this.#proxies.values()) {
        await proxy.start().catch((error: unknown) => failures.push(error))
        for (const toxic of proxy.toxics)
          await proxy.removeToxic(toxic).catch((error: unknown) => failures.push(error))
      }
      if (failures.length > 0) throw failures[0]
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inTurn(async () => {
      for (const proxy of this.#proxies.values()) await proxy[Symbol.asyncDispose]()
    })
  }

  async #upsert(request: ProxyRequest): Promise<FaultProxy> {
    const existing = this.#proxies.get(request.name)
    if (!existing) return this.#open(request)
    if (!(await existing.differs(request))) return existing
    await existing[Symbol.asyncDispose]()
    return this.#open(request)
  }

  async #open(request: ProxyRequest): Promise<FaultProxy> {
    const proxy = new FaultProxy(request, this.#context)
    for (const toxic of request.toxics ?? []) await proxy.addToxic(toxic)
    if (request.enabled) await proxy.start()
    this.#proxies.set(proxy.name, proxy)
    return proxy
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }
}
