import { apiError } from './api-error.ts'
import type { ProxyChange, ProxyRequest } from './collection.ts'
import { type JsonValue, NumberLiteral } from './json.ts'
import type { Timing } from './timing.ts'
import { timingSchema } from './timing-schema.ts'
import type { Toxic, ToxicRequest } from './toxic.ts'
import { type Attributes, type ToxicType, toxicTypes } from './toxics/index.ts'

type Fields = ReadonlyMap<string, JsonValue>

/** The body of `POST /proxies`. */
export function decodeProxy(body: JsonValue): ProxyRequest {
  const request = proxyOf(body)
  requireFields(request)
  return request
}

/** The body of `POST /populate`: all entries are checked before anything is done. */
export function decodePopulate(body: JsonValue): ProxyRequest[] {
  if (body === null) return []
  if (!Array.isArray(body)) throw mismatch(body, '', 'array')
  const requests = body.map(proxyOf)
  for (const [index, request] of requests.entries()) requireFields(request, index + 1)
  return requests
}

/** The body of an update of a proxy; keys that aren't there stay undefined. */
export function decodeProxyChange(body: JsonValue): ProxyChange {
  const fields = fieldsOf(body)
  const listen = text(fields, 'listen')
  const upstream = text(fields, 'upstream')
  const enabled = flag(fields, 'enabled')
  return {
    ...(listen !== undefined && { listen }),
    ...(upstream !== undefined && { upstream }),
    ...(enabled !== undefined && { enabled }),
  }
}

/** The body of `POST …/toxics`, up to what depends on the toxics that are there. Checks in Toxiproxy's order. */
export function decodeToxic(body: JsonValue, isTaken: (name: string) => boolean): ToxicRequest {
  const fields = fieldsOf(body)
  const typeName = text(fields, 'type') ?? ''
  const stream = text(fields, 'stream') ?? 'downstream'
  const givenName = text(fields, 'name')
  const toxicity = float(fields, 'toxicity') ?? 1
  const direction = stream.toLowerCase()
  if (direction !== 'upstream' && direction !== 'downstream') throw apiError.badStream()
  const name = givenName || `${typeName}_${stream}`
  const type = toxicTypes.get(typeName)
  if (!type) throw apiError.badType()
  if (isTaken(name)) throw apiError.toxicExists()
  const attributes = mergeAttributes(fields, type.defaults, type)
  const timing = timingOf(fields)
  const meetsAll = type.door !== undefined || type.nameAnswer !== undefined
  if (meetsAll && (toxicity !== 1 || Object.keys(timing).some((key) => key !== 'schedule')))
    throw apiError.badBody(`${type.type} meets all new connections: no toxicity, applies or trigger`)
  return { name, type, direction, stream, toxicity, attributes, timing }
}

/** The body of an update of a toxic: the attributes that result, and the toxicity if it is given. */
export function decodeToxicChange(
  body: JsonValue,
  { base, type }: Pick<Toxic, 'base' | 'type'>,
): { attributes: Attributes; toxicity?: number } {
  const fields = fieldsOf(body)
  const toxicity = float(fields, 'toxicity')
  return { attributes: mergeAttributes(fields, base, type), ...(toxicity !== undefined && { toxicity }) }
}

function proxyOf(body: JsonValue): ProxyRequest {
  const fields = fieldsOf(body)
  return {
    name: text(fields, 'name') ?? '',
    listen: text(fields, 'listen') ?? '',
    upstream: text(fields, 'upstream') ?? '',
    enabled: flag(fields, 'enabled') ?? true,
    ...protocolOf(fields),
    ...toxicsOf(fields),
  }
}

function protocolOf(fields: Fields): { protocol?: 'http' } {
  const protocol = text(fields, 'protocol')
  if (protocol === undefined || protocol === '') return {}
  if (protocol !== 'http') throw apiError.badBody('protocol must be http')
  return { protocol }
}

/** Toxiproxy ignores toxics that are given with their proxy; here they are on before its first connection. */
function toxicsOf(fields: Fields): { toxics?: ToxicRequest[] } {
  const given = fields.get('toxics') ?? undefined
  if (given === undefined) return {}
  if (!Array.isArray(given)) throw mismatch(given, 'toxics', 'array')
  const toxics: ToxicRequest[] = []
  for (const each of given)
    toxics.push(decodeToxic(each, (name) => toxics.some((toxic) => toxic.name === name)))
  return toxics.length > 0 ? { toxics } : {}
}

/** When, and to which connections, a toxic applies. */
function timingOf(fields: Fields): Timing {
  const parsed = timingSchema.safeParse(plain(Object.fromEntries(fields)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw apiError.badBody(`${issue?.path.join('.')}: ${issue?.message}`)
}

/** The same, with its numbers as numbers. */
function plain(value: JsonValue): unknown {
  if (value instanceof NumberLiteral) return Number(value.source)
  if (Array.isArray(value)) return value.map(plain)
  if (value === null || typeof value !== 'object') return value ?? undefined
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
}

function requireFields(request: ProxyRequest, at?: number): void {
  for (const field of ['name', 'upstream'] as const)
    if (request[field] === '') throw apiError.missingField(field, at)
}

function mergeAttributes(fields: Fields, current: Attributes, type: ToxicType): Attributes {
  const given = fieldsOf(fields.get('attributes') ?? null)
  const merged = Object.entries(current).map(([key, value]) => {
    if (typeof value === 'string') return [key, text(given, key) ?? value]
    const read = type.fractions?.includes(key) ? float : integer
    return [key, read(given, key) ?? value]
  })
  const attributes = Object.fromEntries(merged)
  const problem = type.problem?.(attributes)
  if (problem) throw apiError.badBody(`${type.type}: ${problem}`)
  return attributes
}

/** Keys are met without regard to case, and of two that are alike the last counts. */
function fieldsOf(body: JsonValue): Fields {
  if (body === null) return new Map()
  if (typeof body !== 'object' || Array.isArray(body) || body instanceof NumberLiteral)
    throw mismatch(body, '', 'object')
  return new Map(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]))
}

function text(fields: Fields, key: string): string | undefined {
  const value = fields.get(key) ?? undefined
  if (value !== undefined && typeof value !== 'string') throw mismatch(value, key, 'string')
  return value
}

function flag(fields: Fields, key: string): boolean | undefined {
  const value = fields.get(key) ?? undefined
  if (value !== undefined && typeof value !== 'boolean') throw mismatch(value, key, 'bool')
  return value
}

/** A number of single precision, which is what clients get back. */
function float(fields: Fields, key: string): number | undefined {
  const value = fields.get(key) ?? undefined
  if (value === undefined) return undefined
  const number = value instanceof NumberLiteral ? Math.fround(Number(value.source)) : Number.NaN
  if (!Number.isFinite(number)) throw mismatch(value, key, 'float32')
  return number
}

function integer(fields: Fields, key: string): number | undefined {
  const value = fields.get(key) ?? undefined
  if (value === undefined) return undefined
  if (!(value instanceof NumberLiteral) || !/^-?\d+$/.test(value.source) || !fitsInt64(value.source))
    throw mismatch(value, key, 'int64')
  return Number(value.source)
}

function fitsInt64(source: string): boolean {
  const value = BigInt(source)
  return BigInt.asIntN(64, value) === value
}

function mismatch(value: JsonValue, key: string, wanted: string) {
  const found = Array.isArray(value)
    ? 'array'
    : value instanceof NumberLiteral
      ? `number ${value.source}`
      : typeof value
  return apiError.badBody(`json: cannot unmarshal ${found} into Go struct field .${key} of type ${wanted}`)
}
