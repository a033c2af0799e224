import { type Interval, overlaps, widen } from '#core'
import { endsOf, type Link, type LinkName, type Path } from '#topology'
import { gapIn, isGoodLook, isTrouble, within } from '../looks.ts'
import type { View } from '../view.ts'
import type { SeenOutage } from './outages.ts'

/** Whether the path was seen well over the whole of an operation, and if not, what was missing. */
export interface PathFinding {
  readonly cleared: boolean
  /** What was seen that keeps the path from being cleared, as sentences. */
  readonly flaws: readonly string[]
  /** Where nobody looked, as sentences. */
  readonly gaps: readonly string[]
  /** Required links further in that nobody looks over at all: neither witnesses nor cleared. */
  readonly unwatched: readonly LinkName[]
}

/** Links from the entry that the path requires, which the agent looks over. */
export function entryLinks(view: View, path: Path): Link[] {
  return view.links.filter((link) => link.from === view.entry && path.links.includes(link.name))
}

/**
 * Reads whether every part of the path was seen well over the window: each link by a look over that link, on new and on kept
 * connections, with an answer in the service's own protocol, without a gap.
 * `claims` are the services that the failing answer named: an unwatched link behind one of them isn't passed over.
 */
export function readPath(
  view: View,
  path: Path,
  window: Interval,
  claims: readonly string[],
  edgeDelivered: boolean,
): PathFinding {
  const span = widen(window, view.clockErrorMs)
  const found: string[] = []
  const gaps: string[] = []
  const unwatched: LinkName[] = []
  for (const name of path.links) {
    if (name === view.edge) {
      if (edgeDelivered) continue
    } else if (!name.startsWith(`${view.entry}/`)) {
      if (view.appSide(name).length === 0) unwatched.push(name)
    }
    const looks = name === view.edge ? view.edgeLooks : view.appSide(name)
    if (unwatched.includes(name)) {
      if (claims.some((claim) => name.split('/').includes(claim)))
        gaps.push(`nobody looks over ${name}, and the answer names one end of it`)
      continue
    }
    const gap = gapIn(looks, span, view.gapMs)
    if (gap) {
      gaps.push(looks.length === 0 ? `nobody looked over ${name}` : `no look over ${name} for ${ms(gap)}`)
      continue
    }
    found.push(...flawsOf(view, name, within(looks, widen(span, view.gapMs))))
    if (claims.includes(endsOf(name).to) && isRecovering(view, name, span))
      found.push(`${name} was away less than ${view.recoveryMs} ms before, and the answer names it`)
  }
  return { cleared: found.length === 0 && gaps.length === 0, flaws: found, gaps, unwatched }
}

/** Whether the link was away so short a time before that the application may not have found out that it is back. */
function isRecovering(view: View, name: LinkName, span: Interval): boolean {
  const before = { from: span.from - view.recoveryMs, to: span.to }
  return view.recoveryMs > 0 && (view.outages.get(name) ?? []).some((outage) => overlaps(outage, before))
}

function flawsOf(view: View, name: LinkName, looks: ReturnType<typeof within>): string[] {
  const found: string[] = []
  const trouble = looks.find((look) => isTrouble(look))
  const odd = looks.find((look) => !isGoodLook(look) && !isTrouble(look))
  const entryItself = name === view.edge && trouble?.outcome === 'unwell'
  const foreign = name === view.edge ? looks.find(view.isForeign) : undefined
  if (foreign) found.push(`somebody on ${name} answered in place of ${view.entry} (${foreign.code})`)
  if (trouble && !entryItself)
    found.push(`${name} was seen ${trouble.outcome}${trouble.code ? ` (${trouble.code})` : ''}`)
  if (odd) found.push(`a look over ${name} ended as ${odd.outcome}${odd.code ? ` (${odd.code})` : ''}`)
  for (const connection of ['new', 'kept'] as const)
    if (!looks.some((look) => look.connection === connection && isAnswer(view, name, look.outcome)))
      found.push(`no good look over ${name} on a ${connection} connection`)
  const slow = looks.filter((look) => look.outcome === 'slow').length
  if (slow * 2 > looks.length) found.push(`${name} was slow`)
  return found
}

/** Over the edge any answer of the application proves the link; behind it only a good one proves the service. */
function isAnswer(view: View, name: LinkName, outcome: string): boolean {
  return outcome === 'ok' || outcome === 'slow' || (name === view.edge && outcome === 'unwell')
}

function ms({ from, to }: Interval): string {
  return `${Math.round(to - from)} ms`
}

/**
 * How what the entry requires looked app-side around a moment. `fine`: every link had a good look and no bad one. `down`:
 * at least one bad look. `ours-down`: the bad looks were all at services of ours that were dead and may be so by their own
 * fault, and the rest was fine. `unknown`: nobody looked.
 */
export type Dependencies = 'fine' | 'down' | 'ours-down' | 'unknown'

/** Whether something that the application requires was seen down, whosever it is. */
export function isAway(dependencies: Dependencies): boolean {
  return dependencies === 'down' || dependencies === 'ours-down'
}

/** How they looked in a window, and `outages` those near it. */
export function readDependencies(
  view: View,
  path: Path,
  window: Interval,
  outages: readonly SeenOutage[],
): Dependencies {
  const span = widen(window, view.gapMs + view.clockErrorMs)
  const links = entryLinks(view, path)
  const states = links.map(({ name }) => {
    const looks = within(view.appSide(name), span)
    const bad = looks.some((look) => isTrouble(look))
    const spans = (view.outages.get(name) ?? []).some((outage) => overlaps(outage, span))
    if (bad || spans)
      return isDeadByItself(outages.filter(({ link }) => link === name)) ? 'ours-down' : 'down'
    return looks.some(isGoodLook) ? 'fine' : 'unknown'
  })
  if (states.includes('down')) return 'down'
  if (states.includes('ours-down')) return states.includes('unknown') ? 'down' : 'ours-down'
  return states.includes('unknown') ? 'unknown' : 'fine'
}

/** Whether a service of ours was dead over a link, with nobody to say that the link or the platform was why. */
function isDeadByItself(outages: readonly SeenOutage[]): boolean {
  const byItself = ({ owner, manner, platform, seenWellPastLink }: SeenOutage) =>
    owner === 'sut' &&
    manner === 'down' &&
    !seenWellPastLink &&
    (platform === 'unknown' || platform === 'exited')
  return outages.length > 0 && outages.every(byItself)
}
