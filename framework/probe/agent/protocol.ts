import type { EpochMs } from '#core'
import type { Observation, Outcome, Phases, Vantage } from '../observation.ts'
import type { ProbeProtocol, TargetName } from '../target.ts'
import type { LookMark } from './memory.ts'
import type { Watcher } from './vigils.ts'

/** Both sides speak one version; another one is refused at the handshake. */
export const protocolVersion = 2

/** A client that closes with this code has no need of what is seen afterwards: it isn't cut off, but done. */
export const leftByItself = 1000

/** What an agent tells of a target that it can look at: no address, no secret. */
export interface AgentTarget extends TargetName {
  readonly protocol: ProbeProtocol
  readonly vantage: Vantage
  /** Within this time the agent has an observation. */
  readonly timeoutMs: number
}

export type AgentMessage =
  | { readonly type: 'welcome'; readonly version: number; readonly targets: readonly AgentTarget[] }
  | { readonly type: 'clock'; readonly id: number; readonly at: EpochMs }
  | {
      readonly type: 'observation'
      readonly id: number
      readonly observation: Observation
      /** Of the look, as in a {@link LookMark}. */
      readonly number: number
    }
  /** A look that the client was not told of, because it was away; all of them come before `watching`. */
  | { readonly type: 'missed'; readonly id: number; readonly observation: Observation }
  | { readonly type: 'watching'; readonly id: number; readonly mark: LookMark }
  | { readonly type: 'refused'; readonly id: number | null; readonly reason: string }

export type ClientMessage =
  | { readonly type: 'clock'; readonly id: number }
  | ({ readonly type: 'look'; readonly id: number; readonly connection: 'new' | 'kept' } & TargetName)
  /** From now on the client takes looks at this pace: the agent is to go on by itself when the client is cut off. */
  | ({ readonly type: 'watch'; readonly id: number; readonly after?: LookMark } & Watcher)

const outcomes: ReadonlySet<unknown> = new Set<Outcome>([
  'ok',
  'slow',
  'unwell',
  'refused',
  'no-answer',
  'cut',
  'name-gone',
  'auth',
  'misconfigured',
])
const vantages: ReadonlySet<unknown> = new Set<Vantage>(['runner', 'app-side', 'service-side'])
const phaseNames: readonly (keyof Phases)[] = ['dnsMs', 'connectMs', 'tlsMs', 'firstByteMs', 'totalMs']

/** What a client sent, or why it can't be understood. */
export function readClientMessage(data: string): ClientMessage | { readonly problem: string } {
  const message = parse(data)
  if (message === undefined) return { problem: 'a message is not a JSON object' }
  const { type, id, target, link, connection } = message
  if (!isId(id)) return { problem: '`id` is not a whole number' }
  if (type === 'clock') return { type, id }
  if (type === 'watch') return readWatch(id, message)
  if (type !== 'look') return { problem: '`type` is none of `clock`, `look` and `watch`' }
  if (typeof target !== 'string') return { problem: '`target` is not a service name' }
  if (connection !== 'new' && connection !== 'kept')
    return { problem: '`connection` is neither `new` nor `kept`' }
  if (link === undefined) return { type, id, target, connection }
  return isLink(link) ? { type, id, target, connection, link } : { problem: '`link` is not a link name' }
}

const shortestIntervalMs = 50
const longestIntervalMs = 60_000

function readWatch(id: number, message: Fields): ClientMessage | { readonly problem: string } {
  const { name, intervalMs, after } = message
  if (typeof name !== 'string' || name === '') return { problem: '`name` is not a name' }
  if (!isNumber(intervalMs) || intervalMs < shortestIntervalMs || intervalMs > longestIntervalMs)
    return { problem: `\`intervalMs\` is not between ${shortestIntervalMs} and ${longestIntervalMs}` }
  const watch = { type: 'watch', id, name, intervalMs } as const
  if (after === undefined) return watch
  return isMark(after) ? { ...watch, after } : { problem: '`after` is not a mark' }
}

function isMark(value: unknown): value is LookMark {
  return isObject(value) && typeof value['run'] === 'string' && isId(value['number'])
}

/** What an agent sent, or `undefined` where it isn't in the protocol. */
export function readAgentMessage(data: string): AgentMessage | undefined {
  const message = parse(data)
  if (message === undefined) return undefined
  const { type, id } = message
  if (type === 'welcome') return readWelcome(message)
  if (type === 'refused' && (id === null || isId(id)))
    return typeof message['reason'] === 'string' ? { type, id, reason: message['reason'] } : undefined
  if (!isId(id)) return undefined
  if (type === 'clock') return isNumber(message['at']) ? { type, id, at: message['at'] } : undefined
  const { observation, number, mark } = message
  if (type === 'observation')
    return isObservation(observation) && isId(number) ? { type, id, observation, number } : undefined
  if (type === 'missed') return isObservation(observation) ? { type, id, observation } : undefined
  if (type === 'watching') return isMark(mark) ? { type, id, mark } : undefined
  return undefined
}

function readWelcome(message: Fields): AgentMessage | undefined {
  const { version, targets } = message
  if (!isNumber(version)) return undefined
  if (version !== protocolVersion) return { type: 'welcome', version, targets: [] }
  if (!Array.isArray(targets) || !targets.every(isAgentTarget)) return undefined
  return { type: 'welcome', version, targets }
}

function isAgentTarget(value: unknown): value is AgentTarget {
  if (!isObject(value)) return false
  const { target, link, protocol, vantage, timeoutMs } = value
  return (
    typeof target === 'string' &&
    (link === undefined || isLink(link)) &&
    typeof protocol === 'string' &&
    vantages.has(vantage) &&
    isNumber(timeoutMs)
  )
}

function isObservation(value: unknown): value is Observation {
  if (!isObject(value) || !isObject(value['phases'])) return false
  const { at, target, link, vantage, connection, outcome, phases, bytes, code, detail, identity, sessions } =
    value
  return (
    isNumber(at) &&
    typeof target === 'string' &&
    (link === undefined || isLink(link)) &&
    vantages.has(vantage) &&
    (connection === 'new' || connection === 'kept') &&
    outcomes.has(outcome) &&
    isNumber(phases['totalMs']) &&
    phaseNames.every((name) => phases[name] === undefined || isNumber(phases[name])) &&
    isOptionalText(code) &&
    isOptionalText(detail) &&
    (bytes === undefined || isNumber(bytes)) &&
    (identity === undefined || isIdentity(identity)) &&
    (sessions === undefined || isSessions(sessions))
  )
}

function isIdentity(value: unknown): boolean {
  if (!isObject(value)) return false
  const { build, instance, startedAt } = value
  return isOptionalText(build) && isOptionalText(instance) && (startedAt === undefined || isNumber(startedAt))
}

function isSessions(value: unknown): boolean {
  if (!isObject(value)) return false
  const { sessions, others, slots, tookMs, users } = value
  return (
    [sessions, others, slots].every(isNumber) &&
    (tookMs === undefined || isNumber(tookMs)) &&
    (users === undefined || (Array.isArray(users) && users.every(isSessionUser)))
  )
}

function isSessionUser(value: unknown): boolean {
  if (!isObject(value) || !isObject(value['last'])) return false
  const { name, sessions, youngestMs, last } = value
  return (
    typeof name === 'string' &&
    [sessions, youngestMs, last['session'], last['ageMs'], last['queryMs']].every(isNumber)
  )
}

type Fields = Readonly<Record<string, unknown>>

function parse(data: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(data)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value)
}

function isLink(value: unknown): value is `${string}/${string}` {
  return typeof value === 'string' && value.includes('/')
}

function isOptionalText(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}
