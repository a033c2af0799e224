import type { Direction } from './direction.ts'
import type { Timing } from './timing.ts'
import type { Attributes, ToxicType } from './toxics/index.ts'

export type { Direction } from './direction.ts'

/** A toxic as it is asked for. */
export interface ToxicRequest {
  readonly name: string
  readonly type: ToxicType
  readonly direction: Direction
  /** The direction as it was sent, which is how it is echoed. */
  readonly stream: string
  /** The share of connections that it acts on: 1 is every one, 0 none. Not limited to that range. */
  readonly toxicity: number
  readonly attributes: Attributes
  readonly timing: Timing
}

/** One toxic on one proxy. Its attributes and toxicity change in place, and every stage reads them there. */
export interface Toxic extends Omit<ToxicRequest, 'attributes' | 'toxicity'> {
  toxicity: number
  /** As they are now. */
  attributes: Attributes
  /** As they were asked for: where a schedule starts from. */
  base: Attributes
  /** False while its schedule has it off. */
  active: boolean
  /** How many connections its proxy had accepted when it was put on. */
  readonly acceptedBefore: number
  /** What all its connections share. */
  readonly shared: { freeAt: number; requests: number }
}

export function createToxic(request: ToxicRequest, acceptedBefore: number): Toxic {
  return {
    ...request,
    base: request.attributes,
    active: true,
    acceptedBefore,
    shared: { freeAt: 0, requests: 0 },
  }
}

/** Whether a toxic is meant for the connection that was accepted as number `id`. */
export function isMeantFor({ timing, acceptedBefore }: Toxic, id: number): boolean {
  const isNew = id > acceptedBefore
  if (timing.applies === 'new' && !isNew) return false
  if (timing.applies === 'kept' && isNew) return false
  const { after_connections: skipped } = timing.trigger ?? {}
  return skipped === undefined || id > acceptedBefore + skipped
}
