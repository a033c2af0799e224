import { type Interval, widen } from '#core'
import type { Observation, SessionUser } from '#probe'
import type { Link } from '#topology'
import { endOf, isDead, type Series, within } from '../looks.ts'
import type { Outage } from '../outages.ts'
import type { View } from '../view.ts'

/**
 * Whether the server at the far end counted work of the link's user that a dead link can't have carried: while the agent's new
 * connections failed, a session of that name began and asked; while its kept one failed, a session asked. Silence may be one way,
 * where a question arrives and no answer returns: there a session must have asked again. Trouble that comes and goes lets
 * others pass, and an answer that the service can't serve is no matter of the way: neither is refuted.
 *
 * A way that is so slow that looks give up carries the application's work all the same, as slowly: there only work counts that
 * such a way can't have carried in that time.
 */
export function isUsedMeanwhile(view: View, { name, from, to }: Link, outage: Outage): boolean {
  const bad = within(view.appSide(name), outage)
  if (!isSteady(bad, outage) || bad.some(({ outcome }) => outcome === 'unwell')) return false
  const seen = view.countsOf(to).flatMap((look) => sightingsOf(look, from))
  if (seen.length === 0) return false
  const slowMs = slowTurnMs(view, name, outage)
  const turnMs = slowMs ?? silentTurnMs(view, to, outage, bad)
  const began = solid(view, bad, 'new')
  const isNew = ({ youngest, youngestMs, begun, askedAfterMs }: Sighting, span: Interval) =>
    turnMs === undefined
      ? contains(span, youngest)
      : (contains(span, youngest) && youngestMs < turnMs) || (contains(span, begun) && askedAfterMs < turnMs)
  if (began && seen.some((each) => isNew(each, began))) return true
  const asked = solid(view, bad, 'kept')
  if (!asked) return false
  const keptOnly = !outage.connections.includes('new')
  const queries = seen.filter(
    ({ query, begun }) => contains(asked, query) && (!keptOnly || begun.to < outage.from),
  )
  const isSilent = bad.some(({ outcome }) => outcome === 'no-answer')
  if (!isSilent) return queries.length > 0
  // Of a session from before nobody knows how slowly it began.
  const withinMs = ({ begun: { from: at } }: Sighting) => (at >= outage.from ? turnMs : slowMs)
  return queries.some((each) => queries.some((later) => follows(each, later, withinMs(each))))
}

/**
 * Half the time that a turn over the link took, where looks between the dead ones were answered late; undefined where it was dead and
 * nothing says that it was slow. Later looks don't count: they may have waited for the end of a silence.
 */
export function slowTurnMs(view: View, link: Link['name'], outage: Outage): number | undefined {
  const near = within(view.appSide(link), widen(outage, view.intervalMs))
  const lastDead = near.findLastIndex(isDead)
  const late = near.slice(0, lastDead).filter(({ outcome }) => outcome === 'slow')
  return late.length > 0 ? Math.max(...late.map(({ phases }) => phases.totalMs)) / 2 : undefined
}

/**
 * Half the time after which looks gave up, where all of them did and the server was counted more often than that: a session is counted
 * once it has asked, so that one which begins and asks at once is seen while it is younger. Undefined where that can't be told.
 */
function silentTurnMs(view: View, service: string, outage: Outage, bad: Series): number | undefined {
  const dead = bad.filter(isDead)
  if (dead.length === 0 || dead.some(({ outcome }) => outcome !== 'no-answer')) return undefined
  const turnMs = Math.min(...dead.map(({ phases }) => phases.totalMs)) / 2
  const counts = within(view.countsOf(service), outage)
  const isOften = counts.every((count, index) => count.at - (counts[index - 1]?.at ?? outage.from) <= turnMs)
  return counts.length > 0 && isOften && dead.at(-1)!.at - counts.at(-1)!.at <= turnMs ? turnMs : undefined
}

/** Whether nothing got through from the first dead look on until the last, on each kind of connection by itself: one may begin or end before the other. */
export function isSteady(looks: Series, { connections }: Outage): boolean {
  return connections.every((kind) => {
    const own = looks.filter(({ connection }) => connection === kind)
    return own.slice(Math.max(own.findIndex(isDead), 0), own.findLastIndex(isDead) + 1).every(isDead)
  })
}

/** What one count says of a user: between which moments its youngest session began, and the last query, and that query's session. */
interface Sighting {
  readonly youngest: Interval
  /** How old that session was then, by the server's clock, in ms; it had asked. */
  readonly youngestMs: number
  readonly session: number
  readonly begun: Interval
  readonly query: Interval
  /** How long after its beginning that session asked last, by the server's clock alone, in ms. */
  readonly askedAfterMs: number
}

/** Ages are by the server's own clock, so that they need no common one; they were read between the answer and the count's arrival. */
function sightingsOf(look: Observation, user: string): Sighting[] {
  const { users = [], tookMs = 0 } = look.sessions ?? {}
  const ago = (ageMs: number): Interval => ({ from: endOf(look) - ageMs, to: endOf(look) + tookMs - ageMs })
  return users
    .filter(({ name }) => name === user)
    .map(({ youngestMs, last }: SessionUser) => ({
      youngest: ago(youngestMs),
      youngestMs,
      session: last.session,
      begun: ago(last.ageMs),
      query: ago(last.queryMs),
      askedAfterMs: last.ageMs - last.queryMs,
    }))
}

/** The time in which connections of one kind were dead for the agent without a doubt: between its bad looks, and not near the first. */
function solid(view: View, bad: Series, connection: Observation['connection']): Interval | undefined {
  const looks = bad.filter((look) => look.connection === connection && isDead(look))
  const first = looks[0]
  const last = looks.at(-1)
  if (!first || !last) return undefined
  const tolerance = Math.min(view.clockErrorMs, view.gapMs)
  const span = { from: endOf(first) + view.intervalMs + tolerance, to: last.at - tolerance }
  return span.from < span.to ? span : undefined
}

function contains(span: Interval, { from, to }: Interval): boolean {
  return from >= span.from && to <= span.to
}

function follows(earlier: Sighting, later: Sighting, withinMs = Number.POSITIVE_INFINITY): boolean {
  const { from, to } = earlier.query
  return earlier.session === later.session && later.query.from > to && later.query.to - from < withinMs
}
