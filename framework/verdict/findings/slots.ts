import { widen } from '#core'
import { countsNear, isOutOfSlots, within } from '../looks.ts'
import type { Trouble } from '../trouble.ts'
import { isOwned, type View } from '../view.ts'

/** A database server that turned sessions away, full of those of the application and of whoever else uses its database. */
export interface SlotsFinding {
  readonly service: string
  /** How many of the slots they held then, and the fewest that they held before in this run. */
  readonly ours: number
  readonly before: number
  readonly slots: number
}

const fullShare = 0.8
const usualShare = 0.5

/**
 * Whether a server on the path was out of slots at that time, and by its own count the application's side had filled it in the
 * course of this run. A server that was as full from the beginning may have been made too small.
 */
export function readSlots(view: View, trouble: Trouble): SlotsFinding | null {
  const near = widen(trouble.window, view.gapMs)
  for (const { name, to } of view.links) {
    if (isOwned(view, to) || !trouble.path.services.includes(to)) continue
    const looks = view.appSide(name)
    const refused = within(looks, near).find(isOutOfSlots)
    if (!refused) continue
    const held = (each: { sessions: number; others: number }) => each.sessions - each.others
    const then = countsNear(refused, looks, view.gapMs)
    const earlier = within(looks, { from: 0, to: refused.at }).flatMap(({ sessions }) => sessions ?? [])
    const full = then.findLast((each) => held(each) >= fullShare * each.slots)
    if (!full || earlier.length === 0) continue
    const before = Math.min(...earlier.map(held))
    if (before <= usualShare * full.slots) return { service: to, ours: held(full), before, slots: full.slots }
  }
  return null
}
