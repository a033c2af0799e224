import type { Identity } from '#probe'
import type { IdentityHeaders } from '#topology'
import type { Producer } from '../exchange.ts'

/** Headers by lower-case name. */
export type HeaderMap = Readonly<Record<string, string | undefined>>

/** What the answer says of the instance that made it; undefined when it says nothing. */
export function identityOf(headers: HeaderMap, names: IdentityHeaders): Identity | undefined {
  const build = headers[names.build]
  const instance = headers[names.instance]
  const startedAt = timeOf(headers[names.startedAt])
  if (build === undefined && instance === undefined && startedAt === undefined) return undefined
  return {
    ...(build === undefined ? {} : { build }),
    ...(instance === undefined ? {} : { instance }),
    ...(startedAt === undefined ? {} : { startedAt }),
  }
}

function timeOf(value: string | undefined): number | undefined {
  if (!value) return undefined
  const time = /^\d{10,16}(?:\.\d{1,6})?$/.test(value) ? Number(value) : Date.parse(value)
  return Number.isFinite(time) ? time : undefined
}

const intermediaryServers =
  /^(?:nginx|envoy|cloudflare|google frontend|haproxy|awselb|cloudfront|varnish|akamaighost|traefik|caddy|istio-envoy|openresty)\b/i
const intermediaryHeaders = ['proxy-status', 'via', 'cf-ray', 'x-amz-cf-id', 'x-cache']

/**
 * Who made the answer. An identity stamp is the application's own. Without one, a proxy's marks or a page where JSON
 * was asked for point to something in between; an upstream time of Envoy's says that something behind it answered.
 */
export function producerOf(
  headers: HeaderMap,
  context: {
    readonly identity: Identity | undefined
    readonly status: number
    readonly accepts?: string | undefined
  },
): Producer {
  if (context.identity) return 'application'
  if (headers['x-envoy-upstream-service-time'] !== undefined) return 'unknown'
  if (intermediaryServers.test(headers['server'] ?? '')) return 'intermediary'
  if (intermediaryHeaders.some((name) => headers[name] !== undefined)) return 'intermediary'
  const isPage = /\btext\/html\b/i.test(headers['content-type'] ?? '')
  return isPage && context.status >= 400 && /\bjson\b/i.test(context.accepts ?? '')
    ? 'intermediary'
    : 'unknown'
}

/** Headers from undici's flat list of names and values, bytes or text. */
export function headersOfList(list: readonly unknown[]): HeaderMap {
  const headers: Record<string, string> = {}
  for (let i = 0; i + 1 < list.length; i += 2) headers[String(list[i]).toLowerCase()] = String(list[i + 1])
  return headers
}

/** Headers from Node's object, where a repeated one is an array. */
export function headersOfObject(object: Readonly<Record<string, unknown>>): HeaderMap {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name.toLowerCase(),
      value === undefined ? undefined : String(value),
    ]),
  )
}
