import { isOnConnecting } from '#fault'
import { momentOf, type ToxicSchedule } from '../../framework/fault/proxy/timing.ts'
import { timingSchema } from '../../framework/fault/proxy/timing-schema.ts'

/** A toxic of a profile, as far as it says when and on whom it acts. */
export interface ActingToxic {
  readonly type: string
  readonly attributes: Readonly<Record<string, number | string>>
  readonly toxicity?: number
  readonly applies?: 'new' | 'kept' | 'all'
  readonly schedule?: object
}

/** A stretch of time in ms since a profile was put on. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** By these, unless a share of connections is drawn, nothing new gets through. */
const takingAway = new Set(['cut', 'refuse', 'connect_hang', 'timeout'])

/** When a profile's toxics act, within its first `windowMs`. */
export function actingStretches(toxics: readonly ActingToxic[], windowMs: number): Stretch[] {
  return toxics.flatMap((toxic) => stretchesOf(toxic, windowMs))
}

/** When nobody's new connection gets through, within its first `windowMs`. */
export function awayStretches(toxics: readonly ActingToxic[], windowMs: number): Stretch[] {
  return actingStretches(toxics.filter(takesAway), windowMs)
}

function takesAway({ type, attributes, toxicity = 1 }: ActingToxic): boolean {
  if (type === 'dns') return attributes['answer'] !== undefined && attributes['answer'] !== 'address'
  return takingAway.has(type) && toxicity === 1
}

/** Whether connections that stand already would never notice that nothing new gets through. */
export function sparesKept(toxics: readonly ActingToxic[]): boolean {
  return toxics.every((toxic) => isOnConnecting(toxic) || toxic.applies === 'new')
}

/** How long to look at a profile: to the end of what ends, two rounds of what comes again, else `usualMs`. */
export function windowOf(toxics: readonly ActingToxic[], usualMs: number): number {
  return Math.max(...toxics.map((toxic) => lengthOf(toxic, usualMs)))
}

function lengthOf(toxic: ActingToxic, usualMs: number): number {
  const schedule = scheduleOf(toxic)
  switch (schedule?.kind) {
    case 'oneshot':
      return schedule.at + schedule.duration
    case 'flap':
      return schedule.at + 2 * schedule.period
    case 'ramp':
      return schedule.at + schedule.duration + schedule.hold + (schedule.back ?? 0)
    default:
      return delayOf(toxic) + usualMs
  }
}

function stretchesOf(toxic: ActingToxic, windowMs: number): Stretch[] {
  const schedule = scheduleOf(toxic)
  if (!schedule) return [{ from: delayOf(toxic), to: windowMs }]
  const stretches: Stretch[] = []
  for (let from = 0; from < windowMs; ) {
    const { active, nextInMs } = momentOf(schedule, {}, from)
    const to = Math.min(from + nextInMs, windowMs)
    if (active) stretches.push({ from, to })
    from = to
  }
  return stretches
}

function scheduleOf({ schedule }: ActingToxic): ToxicSchedule | undefined {
  return timingSchema.parse({ schedule }).schedule
}

/** A connection dies after it was idle for so long, so nobody can be hurt before. */
function delayOf({ type, attributes }: ActingToxic): number {
  return type === 'idle_death' ? Number(attributes['after']) : 0
}
