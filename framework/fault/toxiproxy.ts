import type { Proxy as ClientProxy, ICreateToxicBody } from 'toxiproxy-node-client'
import { deadline, FaultlineError, messageOf, orAbort } from '#core'
import type { LedgerIndexBody } from './proxy/index.ts'

/** One toxic to put on a proxy, as the API takes it. */
export interface ToxicSpec {
  readonly type: string
  readonly stream: 'upstream' | 'downstream'
  readonly attributes: Readonly<Record<string, number | string>>
  /** 1 unless given. */
  readonly toxicity?: number
  readonly applies?: 'new' | 'kept' | 'all'
  readonly trigger?: object
  readonly schedule?: object
}

/** What every Toxiproxy has. */
const toxiproxyTypes = [
  'latency',
  'bandwidth',
  'slow_close',
  'timeout',
  'reset_peer',
  'slicer',
  'limit_data',
  'noop',
]

/** The control API of a Toxiproxy, real or embedded; every call has a deadline and fails with FL4001. */
export interface ToxiproxyDriver {
  /** Stops the listener and cuts its connections; false when it was disabled already. */
  disable(proxy: string): Promise<boolean>
  enable(proxy: string): Promise<void>
  /** Rejects with FL4003 when the server is a Toxiproxy, and the toxic is more than that can do. */
  addToxic(proxy: string, name: string, toxic: ToxicSpec): Promise<void>
  /** A toxic, or proxy, that is gone already is no error. */
  removeToxic(proxy: string, name: string): Promise<void>
  /** The figures of every proxy; undefined from a Toxiproxy that keeps none. */
  ledger(): Promise<LedgerIndexBody | undefined>
}

/** Drives the server at `apiUrl`. */
export function createToxiproxyDriver(apiUrl: string, callLimitMs: number): ToxiproxyDriver {
  // Loaded with the first call: most runs put no fault on a link.
  const proxyOf = async (name: string): Promise<ClientProxy> => {
    const { Toxiproxy } = await import('toxiproxy-node-client')
    return new Toxiproxy(apiUrl.replace(/\/$/, '')).get(name)
  }
  const call = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    using limit = deadline(callLimitMs)
    try {
      return await orAbort(work(), limit.signal)
    } catch (cause) {
      if (cause instanceof FaultlineError) throw cause
      throw new FaultlineError(
        'FL4001',
        `The fault proxy at ${apiUrl} failed to ${what}: ${messageOf(cause)}`,
        { cause },
      )
    }
  }
  const toggle = async (proxy: ClientProxy, enabled: boolean) => {
    await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream })
  }
  const hasFurther = async () => (await fetch(`${apiUrl}/faultline`)).ok
  return {
    disable: (name) =>
      call(`disable ${name}`, async () => {
        const proxy = await proxyOf(name)
        if (proxy.enabled) await toggle(proxy, false)
        return proxy.enabled
      }),
    enable: (name) => call(`enable ${name}`, async () => toggle(await proxyOf(name), true)),
    addToxic: (name, toxicName, toxic) =>
      call(`put ${toxic.type} on ${name}`, async () => {
        if (isFurther(toxic) && !(await hasFurther())) throw unknownTo(apiUrl, toxic)
        const proxy = await proxyOf(name)
        // Its types know Toxiproxy's toxics only; it sends what it is given.
        const body = { toxicity: 1, ...toxic, name: toxicName } as ICreateToxicBody<ToxicSpec['attributes']>
        await proxy.addToxic(body)
      }),
    removeToxic: (name, toxicName) =>
      call(`take ${toxicName} off ${name}`, () =>
        proxyOf(name)
          .then((proxy) => proxy.getToxic(toxicName))
          .then((toxic) => toxic.remove())
          .catch((error: unknown) => {
            if (!/status code 404$/.test(messageOf(error))) throw error
          }),
      ),
    ledger: () =>
      call('give its ledger', async () => {
        const response = await fetch(`${apiUrl}/faultline/ledger`)
        return response.ok ? ((await response.json()) as LedgerIndexBody) : undefined
      }),
  }
}

/** Whether it is more than a Toxiproxy can do. */
export function isFurther({ type, applies, trigger, schedule }: ToxicSpec): boolean {
  return !toxiproxyTypes.includes(type) || [applies, trigger, schedule].some((each) => each !== undefined)
}

function unknownTo(apiUrl: string, toxic: ToxicSpec): FaultlineError {
  const what = toxiproxyTypes.includes(toxic.type) ? `${toxic.type} with a schedule or a trigger` : toxic.type
  return new FaultlineError('FL4003', `The fault proxy at ${apiUrl} is a Toxiproxy, which has no ${what}`, {
    remedy: 'use an environment with the embedded proxy, or a fault that Toxiproxy has',
  })
}
