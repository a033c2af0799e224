import type { Attributes } from './toxics/index.ts'

/** What a toxic may be given besides its attributes; all times are ms since it was put on. */
export interface Timing {
  /** Connections accepted after the toxic was put on, before it, or both. */
  readonly applies?: 'new' | 'kept' | 'all' | undefined
  /** What must have happened before it acts. */
  readonly trigger?: ToxicTrigger | undefined
  readonly schedule?: ToxicSchedule | undefined
}

export interface ToxicTrigger {
  /** On its proxy, this many connections since the toxic was put on. */
  readonly after_connections?: number | undefined
  /** On its stream, this many bytes since the toxic sits on it. */
  readonly after_bytes?: number | undefined
  /** On its connection, the server's first byte. */
  readonly on_first_byte_back?: boolean | undefined
}

export type ToxicSchedule =
  | {
      readonly kind: 'step'
      readonly steps: readonly { readonly at: number; readonly attributes: Attributes }[]
    }
  | {
      readonly kind: 'ramp'
      readonly at: number
      readonly duration: number
      readonly to: Readonly<Record<string, number>>
      readonly hold: number
      readonly back?: number | undefined
    }
  | { readonly kind: 'flap'; readonly at: number; readonly period: number; readonly duty: number }
  | { readonly kind: 'oneshot'; readonly at: number; readonly duration: number }

/** What a toxic is at one moment of its schedule, and in how many ms to look again (`Infinity`: never). */
export interface Moment {
  readonly active: boolean
  readonly attributes: Attributes
  readonly nextInMs: number
}

/** How often a ramp takes a step. */
const rampStepMs = 100

/** Where a schedule stands `elapsedMs` after its toxic was put on; `base` are the attributes as asked for. */
export function momentOf(schedule: ToxicSchedule, base: Attributes, elapsedMs: number): Moment {
  switch (schedule.kind) {
    case 'step': {
      const done = schedule.steps.filter((step) => step.at <= elapsedMs)
      const later = schedule.steps.filter((step) => step.at > elapsedMs).map((step) => step.at - elapsedMs)
      const attributes = Object.assign({}, base, ...done.map((step) => step.attributes))
      return { active: true, attributes, nextInMs: Math.min(...later) }
    }
    case 'ramp': {
      const { at, duration, hold, back } = schedule
      const fallsAt = back === undefined ? Number.POSITIVE_INFINITY : at + duration + hold
      const share = Math.min(
        part(elapsedMs - at, duration),
        back === undefined ? 1 : 1 - part(elapsedMs - fallsAt, back),
      )
      const moves = (from: number, span: number) => elapsedMs >= from && elapsedMs < from + span
      const starts = [at, fallsAt].filter((from) => from > elapsedMs).map((from) => from - elapsedMs)
      const isMoving = moves(at, duration) || moves(fallsAt, back ?? 0)
      return {
        active: true,
        attributes: between(base, schedule.to, share),
        nextInMs: isMoving ? rampStepMs : Math.min(...starts),
      }
    }
    case 'flap': {
      if (elapsedMs < schedule.at) return waiting(base, schedule.at - elapsedMs)
      const into = (elapsedMs - schedule.at) % schedule.period
      const onMs = schedule.period * schedule.duty
      const active = into < onMs
      return { active, attributes: base, nextInMs: (active ? onMs : schedule.period) - into }
    }
    case 'oneshot': {
      if (elapsedMs < schedule.at) return waiting(base, schedule.at - elapsedMs)
      const left = schedule.at + schedule.duration - elapsedMs
      return { active: left > 0, attributes: base, nextInMs: left > 0 ? left : Number.POSITIVE_INFINITY }
    }
  }
}

function waiting(attributes: Attributes, nextInMs: number): Moment {
  return { active: false, attributes, nextInMs }
}

function part(elapsedMs: number, ofMs: number): number {
  if (elapsedMs < 0) return 0
  return ofMs === 0 ? 1 : Math.min(elapsedMs / ofMs, 1)
}

function between(base: Attributes, to: Readonly<Record<string, number>>, share: number): Attributes {
  const moved = Object.entries(to).map(([key, end]) => {
    const start = base[key]
    return [key, typeof start === 'number' ? Math.round(start + (end - start) * share) : start]
  })
  return { ...base, ...Object.fromEntries(moved) }
}
