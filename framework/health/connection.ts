import type { EpochMs } from '#core'
import type { Observation, Outcome } from '#probe'
import type { HealthThresholds } from './thresholds.ts'

/** What one look says of the connection. `limping`: it answers, but late, or not to us; `unwell`: it answers that it can't serve. */
type Bearing = 'good' | 'limping' | 'unwell' | 'dead'

const bearingOf: Readonly<Record<Outcome, Bearing>> = {
  ok: 'good',
  slow: 'limping',
  auth: 'limping',
  misconfigured: 'limping',
  unwell: 'unwell',
  refused: 'dead',
  'no-answer': 'dead',
  cut: 'dead',
  'name-gone': 'dead',
}

type Mode = 'unseen' | 'recovering' | Bearing

/** What the looks on one kind of connection add up to. */
export interface ConnectionState {
  readonly mode: Mode
  /** The newest looks, oldest first. */
  readonly last: readonly Bearing[]
  /** When the newest look ended. */
  readonly seenAt: EpochMs
  /** The look that decided the mode, in a few words: `refused ECONNREFUSED`. */
  readonly reason: string
}

export const unseen: ConnectionState = { mode: 'unseen', last: [], seenAt: -Infinity, reason: '' }

/** When a look ended, on the observer's clock. */
export function endOf(look: Observation): EpochMs {
  return look.at + look.phases.totalMs
}

/** The state after one more look. A good look doesn't undo a bad mode at once, nor a bad look a good one. */
export function step(before: ConnectionState, look: Observation, limits: HealthThresholds): ConnectionState {
  const bearing = bearingOf[look.outcome]
  const seenAt = endOf(look)
  const known = isStale(before, seenAt, limits) ? afterSilence(before) : before
  const last = [...known.last, bearing].slice(-limits.lastLooks)
  const mode = bearing === 'good' ? afterGood(known.mode, last, limits) : afterBad(known.mode, last, limits)
  return { mode, last, seenAt, reason: reasonFor(mode, bearing, look, known) }
}

/** Whether the newest look is too old to say anything. */
export function isStale(state: ConnectionState, at: EpochMs, limits: HealthThresholds): boolean {
  return at - state.seenAt > limits.staleAfterMs
}

/** What went wrong before a silence must be seen to have ended; what went well must be seen anew. */
function afterSilence(state: ConnectionState): ConnectionState {
  return { ...state, mode: state.mode === 'good' ? 'unseen' : state.mode, last: [] }
}

function afterGood(mode: Mode, last: readonly Bearing[], limits: HealthThresholds): Mode {
  if (mode === 'unseen' || mode === 'good') return 'good'
  return trailing(last, (look) => look === 'good') >= limits.goodInARow ? 'good' : 'recovering'
}

/** Worst first. A worse look also counts towards the milder ones. */
const bad = ['dead', 'unwell', 'limping'] as const

function afterBad(mode: Mode, last: readonly Bearing[], limits: HealthThresholds): Mode {
  const newest = last.at(-1) as (typeof bad)[number]
  // It answers again, if badly: the beginning of a recovery.
  if (newest === 'limping' && (mode === 'dead' || mode === 'unwell')) return 'recovering'
  const repeated = bad.slice(bad.indexOf(newest)).find((level) => {
    const counts = (look: Bearing) => look !== 'good' && bad.indexOf(look) <= bad.indexOf(level)
    return trailing(last, counts) >= limits.badInARow || last.filter(counts).length >= limits.badOfLast
  })
  return repeated ?? mode
}

function trailing(last: readonly Bearing[], counts: (look: Bearing) => boolean): number {
  const breaks = last.findLastIndex((look) => !counts(look))
  return last.length - 1 - breaks
}

function reasonFor(mode: Mode, bearing: Bearing, look: Observation, known: ConnectionState): string {
  if (mode === 'good' || mode === 'unseen') return ''
  if (mode === bearing || (mode !== known.mode && mode !== 'recovering'))
    return `${look.outcome}${look.code ? ` ${look.code}` : ''}`
  return known.reason
}
