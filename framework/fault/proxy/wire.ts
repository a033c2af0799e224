import type { FaultProxy } from './proxy.ts'
import type { Timing } from './timing.ts'
import type { Toxic } from './toxic.ts'

/** A toxic as the API shows it. */
export interface ToxicBody {
  readonly attributes: Readonly<Record<string, number | string>>
  readonly name: string
  readonly type: string
  readonly stream: string
  readonly toxicity: number
  /** Only where they were given, as the next two. */
  readonly applies?: Timing['applies']
  readonly trigger?: Timing['trigger']
  readonly schedule?: Timing['schedule']
}

/** A proxy as the API shows it. */
export interface ProxyBody {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  readonly toxics: readonly ToxicBody[]
  /** Only where it was given. */
  readonly protocol?: 'http'
}

export function toxicBody(toxic: Toxic): ToxicBody {
  return {
    attributes: toxic.attributes,
    name: toxic.name,
    type: toxic.type.type,
    stream: toxic.stream,
    toxicity: shortestSingle(toxic.toxicity),
    ...toxic.timing,
  }
}

export function proxyBody(proxy: FaultProxy): ProxyBody {
  const { name, listen, upstream, enabled, protocol } = proxy
  const toxics = proxy.toxics.map(toxicBody)
  return { name, listen, upstream, enabled, toxics, ...(protocol && { protocol }) }
}

/** The shortest decimal that reads back as the same single-precision number. */
function shortestSingle(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
