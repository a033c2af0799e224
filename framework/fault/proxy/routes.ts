import { ApiError, apiError } from './api-error.ts'
import type { ProxyCollection } from './collection.ts'
import { decodePopulate, decodeProxy, decodeProxyChange, decodeToxic, decodeToxicChange } from './decode.ts'
import { parseBody } from './json.ts'
import type { FaultProxy } from './proxy.ts'
import type { Toxic } from './toxic.ts'
import { proxyBody, toxicBody } from './wire.ts'

/** What a handler answers; without a body there is none. */
export interface Answer {
  readonly status: number
  readonly body?: unknown
  /** Sent as it is, with its own content type, instead of `body`. */
  readonly raw?: { readonly text: string; readonly type: string }
}

/** What a handler gets: path parameters, percent-decoded, and the body's text. */
export interface Call {
  readonly params: readonly string[]
  readonly body: string
}

export interface Route {
  readonly name: string
  /** `*` is any. */
  readonly methods: readonly string[]
  /** `*` stands for one non-empty segment. */
  readonly path: readonly string[]
  handle(call: Call): Answer | Promise<Answer>
}

/** The version of Toxiproxy whose API this is. */
export const toxiproxyVersion = '2.12.0'

/** Every route of Toxiproxy's API. */
export function toxiproxyRoutes(proxies: ProxyCollection): Route[] {
  const noContent = { status: 204 }
  return [
    route('ProxyIndex', 'GET', 'proxies', () => ({
      status: 200,
      body: Object.fromEntries(proxies.all().map((proxy) => [proxy.name, proxyBody(proxy)])),
    })),
    route('ProxyCreate', 'POST', 'proxies', async ({ body }) => ({
      status: 201,
      body: proxyBody(await proxies.create(decodeProxy(parseBody(body)))),
    })),
    route('Populate', 'POST', 'populate', ({ body }) => populate(proxies, body)),
    route('ProxyShow', 'GET', 'proxies/*', ({ params: [name] }) => ({
      status: 200,
      body: proxyBody(proxies.get(name!)),
    })),
    route('ProxyUpdate', 'POST PATCH', 'proxies/*', async ({ params: [name], body }) => {
      proxies.get(name!)
      return { status: 200, body: proxyBody(await proxies.update(name!, decodeProxyChange(parseBody(body)))) }
    }),
    route('ProxyDelete', 'DELETE', 'proxies/*', async ({ params: [name] }) => {
      await proxies.remove(name!)
      return noContent
    }),
    route('ToxicIndex', 'GET', 'proxies/*/toxics', ({ params: [name] }) => ({
      status: 200,
      body: proxies.get(name!).toxics.map(toxicBody),
    })),
    route('ToxicCreate', 'POST', 'proxies/*/toxics', async ({ params: [name], body }) => {
      const proxy = proxies.get(name!)
      const request = decodeToxic(parseBody(body), (taken) =>
        proxy.toxics.some((toxic) => toxic.name === taken),
      )
      return { status: 200, body: toxicBody(await proxy.addToxic(request)) }
    }),
    route('ToxicShow', 'GET', 'proxies/*/toxics/*', ({ params: [name, toxic] }) => ({
      status: 200,
      body: toxicBody(toxicOf(proxies.get(name!), toxic!)),
    })),
    route('ToxicUpdate', 'POST PATCH', 'proxies/*/toxics/*', ({ params: [name, toxicName], body }) => {
      const proxy = proxies.get(name!)
      const toxic = toxicOf(proxy, toxicName!)
      proxy.updateToxic(toxic, decodeToxicChange(parseBody(body), toxic))
      return { status: 200, body: toxicBody(toxic) }
    }),
    route('ToxicDelete', 'DELETE', 'proxies/*/toxics/*', async ({ params: [name, toxic] }) => {
      const proxy = proxies.get(name!)
      await proxy.removeToxic(toxicOf(proxy, toxic!))
      return noContent
    }),
    route('ResetState', 'POST', 'reset', async () => {
      await proxies.reset()
      return noContent
    }),
    route('Version', 'GET', 'version', () => ({
      status: 200,
      raw: { text: `{"version": "${toxiproxyVersion}"}\n`, type: 'application/json;charset=utf-8' },
    })),
  ]
}

/** Declares a route: methods by spaces, path segments by slashes. */
export function route(name: string, methods: string, path: string, handle: Route['handle']): Route {
  return { name, methods: methods.split(' '), path: path.split('/'), handle }
}

/** Populate tells how far it came, with its errors too. */
async function populate(proxies: ProxyCollection, body: string): Promise<Answer> {
  try {
    const { proxies: done, failure } = await proxies.populate(decodePopulate(parseBody(body)))
    const shown = done.map(proxyBody)
    if (failure === undefined) return { status: 201, body: { proxies: shown } }
    return populateFailure(failure, shown.length > 0 ? shown : null)
  } catch (error) {
    return populateFailure(error, null)
  }
}

function populateFailure(error: unknown, proxies: unknown): Answer {
  if (!(error instanceof ApiError)) throw error
  return { status: error.status, body: { error: error.message, status: error.status, proxies } }
}

function toxicOf(proxy: FaultProxy, name: string): Toxic {
  const toxic = proxy.toxics.find((each) => each.name === name)
  if (!toxic) throw apiError.noToxic()
  return toxic
}
