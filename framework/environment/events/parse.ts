import type { EpochMs } from '#core'
import type { Topology } from '#topology'
import type { PlatformEvent } from '../event.ts'

const kinds = [
  'started',
  'running',
  'exited',
  'oom-killed',
  'stopped',
  'restarted',
  'failover',
  'maintenance',
  'unavailable',
] as const

/** What an attached platform may say of a service. */
export type PlatformEventKind = (typeof kinds)[number]

/** What a line says, in the platform events that verdicts are made from; or why it says nothing. */
export type ParsedLine =
  | { readonly events: readonly Omit<PlatformEvent, 'incarnation'>[] }
  | { readonly problem: string }

/** Clocks differ, and a source may tell of what lies ahead; what is further off isn't of this run. */
const furthestAheadMs = 60_000

/**
 * Reads one line of a platform's events: `{"at", "service", "kind", "until"?, "code"?, "signal"?}`, times as ISO text or epoch ms.
 * A disturbance of what the platform runs reads as `stopped`, until it was `started` again. Of a service of ours only
 * what names its author is taken: whether it was `restarted` or `unavailable` by itself, its platform doesn't say.
 */
export function parseEventLine(line: string, topology: Topology, at: EpochMs): ParsedLine {
  const fields = objectIn(line)
  if (!fields) return { problem: 'a line is not a JSON object' }
  const { service, kind } = fields
  const when = timeOf(fields['at'])
  if (when === undefined) return { problem: '`at` is neither ISO text nor epoch milliseconds' }
  if (when > at + furthestAheadMs) return { problem: '`at` lies ahead of the runner’s clock' }
  const owner =
    typeof service === 'string' && Object.hasOwn(topology.services, service)
      ? topology.services[service]?.owner
      : undefined
  if (typeof service !== 'string' || owner === undefined)
    return { problem: `\`service\` is none of ${Object.keys(topology.services).join(', ')}` }
  if (!isKind(kind)) return { problem: `\`kind\` is none of ${kinds.join(', ')}` }
  const until = fields['until'] === undefined ? undefined : timeOf(fields['until'])
  if (fields['until'] !== undefined && (until === undefined || until < when))
    return { problem: '`until` is no time after `at`' }

  const is = (event: PlatformEvent['event'], time = when) => ({ at: time, service, event })
  const back = until === undefined ? [] : [is('started', until)]
  switch (kind) {
    case 'started':
    case 'running':
      return { events: [is(kind)] }
    case 'exited':
    case 'oom-killed':
      return { events: [{ ...is(kind), ...exitOf(fields) }, ...back] }
    case 'restarted':
      return { events: owner === 'sut' ? [is('started')] : [is('stopped'), is('started', until)] }
    case 'unavailable':
      return { events: owner === 'sut' ? [] : [is('stopped'), ...back] }
    default:
      return { events: [is('stopped'), ...back] }
  }
}

function objectIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}

function timeOf(value: unknown): EpochMs | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : value
  return typeof time === 'number' && Number.isFinite(time) && time > 0 ? time : undefined
}

function isKind(value: unknown): value is PlatformEventKind {
  return kinds.some((kind) => kind === value)
}

function exitOf({ code, signal }: Readonly<Record<string, unknown>>): Pick<PlatformEvent, 'code' | 'signal'> {
  return {
    code: Number.isSafeInteger(code) ? (code as number) : null,
    signal: typeof signal === 'string' && /^SIG[A-Z0-9]{2,10}$/.test(signal) ? signal : null,
  }
}
