import { type EpochMs, type Interval, overlaps } from '#core'
import type { ServiceEvent } from '#evidence'
import { gapIn, isGoodLook, lastBefore, within } from '../looks.ts'
import type { View } from '../view.ts'

/**
 * What became of the application around a failure.
 * `same`: it answered app-side as the same instance throughout. `exited`: the platform saw it end by itself.
 * `restarted`: another instance answers since. `down`: repeatedly refused or cut app-side. `hung`: repeatedly silent
 * app-side. `stopped`: the platform ended it while it was seen well. `unseen`: nobody can tell.
 */
export interface EntryFinding {
  readonly state: 'same' | 'exited' | 'restarted' | 'down' | 'hung' | 'stopped' | 'unseen'
  /** `exchanges`: only the instance ids in answers to the runner tell, not the agent. */
  readonly seenBy: 'platform' | 'app-side' | 'exchanges' | null
  /** When that was, as far as it is known. */
  readonly at: EpochMs | null
  /** The last look app-side got an answer that says that it can't serve. */
  readonly unwell: boolean
}

/** Whether it was gone: it ended, another instance answers since, or nobody was there to accept. One that hangs is still there. */
export function hasEnded({ state }: EntryFinding): boolean {
  return state === 'exited' || state === 'restarted' || state === 'down'
}

/** What became of the entry in the window: what the platform says first, then the agent, then the answers themselves. */
export function readEntry(view: View, window: Interval): EntryFinding {
  const span = { from: window.from, to: window.to + view.gapMs + view.clockErrorMs }
  const unwell =
    within(view.entryLooks, { from: window.from - view.gapMs, to: span.to }).at(-1)?.outcome === 'unwell'
  return { ...(byPlatform(view, span) ?? byAgent(view, window, span) ?? byAnswers(view, span)), unwell }
}

type State = Omit<EntryFinding, 'unwell'>

const unseen: State = { state: 'unseen', seenBy: null, at: null }

function byPlatform(view: View, span: Interval): State | undefined {
  const events = view.eventsOf(view.entry)
  const ends = events.filter((event) => event.event !== 'started' && event.event !== 'running')
  const near = ends.filter((end) => overlaps({ from: end.at, to: upAgain(view, events, end) }, span))
  const exit = near.find((end) => end.event !== 'stopped')
  if (exit) return { state: 'exited', seenBy: 'platform', at: exit.at }
  const stop = near[0]
  if (!stop) return undefined
  const before = lastBefore(view.entryLooks, stop.at)
  const wasWell = before !== undefined && isGoodLook(before) && stop.at - before.at <= view.gapMs
  return { state: wasWell ? 'stopped' : 'down', seenBy: 'platform', at: stop.at }
}

/** When the agent had its first good answer after an end, or else one gap after the platform's next start. */
function upAgain(view: View, events: readonly ServiceEvent[], end: ServiceEvent): EpochMs {
  const start = events.find((event) => event.at > end.at && event.event === 'started')
  const good = view.entryLooks.find((look) => look.at > (start?.at ?? end.at) && isGoodLook(look))
  return good?.at ?? (start ? start.at + view.gapMs : Number.POSITIVE_INFINITY)
}

function byAgent(view: View, window: Interval, span: Interval): State | undefined {
  const restart = view.restarts.find((each) => overlaps(each, span))
  if (restart) return { state: 'restarted', seenBy: 'app-side', at: restart.to }
  const outage = view.entryOutages.find((each) => each.looks >= 2 && overlaps(each, span))
  if (outage)
    return { state: outage.manner === 'silent' ? 'hung' : 'down', seenBy: 'app-side', at: outage.from }
  const looks = within(view.entryLooks, { from: window.from - view.gapMs, to: span.to })
  const answered = looks.every((look) => isGoodLook(look) || look.outcome === 'unwell')
  const named = looks.every((look) => look.identity?.instance !== undefined)
  const covered = gapIn(view.entryLooks, window, view.gapMs) === undefined
  return looks.length > 0 && answered && named && covered
    ? { state: 'same', seenBy: 'app-side', at: null }
    : undefined
}

function byAnswers(view: View, span: Interval): State {
  const restart = view.restartsInAnswers.find((each) => overlaps(each, span))
  return restart ? { state: 'restarted', seenBy: 'exchanges', at: restart.to } : unseen
}
