import type { FaultProxy } from './proxy.ts'
import type { Toxic } from './toxic.ts'

/** A toxic as the API shows it. */
export interface ToxicBody {
  readonly attributes: Readonly<Record<string, number>>
  readonly name: string
  readonly type: string
  readonly stream: string
  readonly toxicity: number
}

/** A proxy as the API shows it. */
export interface ProxyBody {
  readonly name: string
  readonly listen: string
  readonly upstream: string
  readonly enabled: boolean
  readonly toxics: readonly ToxicBody[]
}

export function toxicBody(toxic: Toxic): ToxicBody {
  return {
    attributes: toxic.attributes,
    name: toxic.name,
    type: toxic.type.type,
    stream: toxic.stream,
    toxicity: shortestSingle(toxic.toxicity),
  }
}

export function proxyBody(proxy: FaultProxy): ProxyBody {
  const { name, listen, upstream, enabled } = proxy
  return { name, listen, upstream, enabled, toxics: proxy.toxics.map(toxicBody) }
}

/** The shortest decimal that reads back as the same single-precision number. */
function shortestSingle(value: number): number {
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}
