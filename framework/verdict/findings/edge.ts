import { type Interval, overlaps } from '#core'
import { gapIn, within } from '../looks.ts'
import type { Outage } from '../outages.ts'
import type { View } from '../view.ts'

/** How the entry looked from the runner, over the link that the tests use. */
export type EdgeFinding =
  | { readonly state: 'dead'; readonly outage: Outage }
  | { readonly state: 'fine' }
  | { readonly state: 'unseen' }

export function readEdge(view: View, window: Interval): EdgeFinding {
  const outage = view.edgeOutages.find((each) => each.looks >= 2 && overlaps(each, window))
  if (outage) return { state: 'dead', outage }
  const looks = within(view.edgeLooks, window)
  const answered = looks.every(
    (look) => look.outcome === 'ok' || look.outcome === 'slow' || look.outcome === 'unwell',
  )
  const fine = answered && gapIn(view.edgeLooks, window, view.gapMs) === undefined
  return fine ? { state: 'fine' } : { state: 'unseen' }
}
