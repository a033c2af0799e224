import fc from 'fast-check'
import { startProxyServer } from '#fault'
import { ApiError } from '../../framework/fault/proxy/api-error.ts'
import {
  decodePopulate,
  decodeProxy,
  decodeProxyChange,
  decodeToxic,
} from '../../framework/fault/proxy/decode.ts'
import { parseBody } from '../../framework/fault/proxy/json.ts'
import { type Area, mustHold } from './area.ts'
import { near, texts } from './inputs.ts'

const bodies = near([
  '{"name":"a","listen":"127.0.0.1:0","upstream":"127.0.0.1:9","enabled":true}',
  '[{"name":"b","listen":"[::1]:0","upstream":"x:1"}]',
  '{"name":"slow","type":"latency","stream":"upstream","toxicity":0.5,"attributes":{"latency":1e3,"jitter":-1}}',
  '{"type":"bandwidth","attributes":{"rate":9007199254740993}}',
])
const paths = near([
  '/proxies/a/toxics/slow',
  '/populate',
  '/reset',
  '/version',
  '/metrics',
  '/ledger?proxy=a',
  '/%zz',
  '/proxies/%00',
  '/requests/a',
])
const methods = fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD')

/** What is no answer of Toxiproxy, which says 500 of an address that it can't have. */
const defect = /is not a|Cannot (?:read|convert)|undefined|Maximum call stack/

/** What the proxy's control API reads, without a socket between. */
const reading: Area = {
  name: 'bodies of the proxy’s API',
  weight: 12,
  run: ({ runs, seed }) =>
    fc.assert(
      fc.asyncProperty(
        fc.oneof(bodies, texts),
        mustHold(
          (text) => {
            const body = parseBody(text)
            for (const decode of [
              decodeProxy,
              decodePopulate,
              decodeProxyChange,
              (value: typeof body) => decodeToxic(value, () => false),
            ])
              tolerate(() => decode(body))
          },
          (error) => error instanceof ApiError,
        ),
      ),
      { numRuns: runs, seed },
    ),
}

function tolerate(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}

/** A whole proxy, over HTTP: it answers everything, never with a defect of its own, and still works afterwards. */
const serving: Area = {
  name: 'the proxy’s API over HTTP',
  weight: 0.5,
  async run({ runs, seed }) {
    await using server = await startProxyServer({ seed: 1 })
    const request = fc.record({ method: methods, path: paths, body: fc.oneof(bodies, texts) })
    await fc.assert(
      fc.asyncProperty(request, async ({ method, path, body }) => {
        const url = URL.parse(`/${path.replace(/^\/+/, '').toWellFormed()}`, server.url)
        if (url === null || url.origin !== server.url) return
        const hasBody = method !== 'GET' && method !== 'HEAD'
        const response = await fetch(url, {
          method,
          ...(hasBody && { body }),
          signal: AbortSignal.timeout(10_000),
        })
        const text = await response.text()
        if (response.status >= 500 && defect.test(text))
          throw new Error(`${response.status} to ${method} ${url.pathname}: ${text}`)
      }),
      { numRuns: runs, seed },
    )
    const { status } = await fetch(`${server.url}/version`)
    if (status !== 200) throw new Error(`the proxy answers ${status} afterwards`)
  },
}

export const proxyApi: readonly Area[] = [reading, serving]
