import type { SeenOutage } from '../findings/outages.ts'
import { fewestLooks } from './g1-outside-witness.ts'
import type { Guard, Strike } from './guard.ts'

/**
 * G7: a service of ours behind a link may be dead by its own fault. Its link is at fault only when somebody beside the service saw
 * it well, or, of a link that refuses or cuts, the platform saw it run untouched, and nothing answered over the link. A service of ours that is dead without
 * such a view leaves every other outage in doubt too: it may be what failed.
 */
export const ownedService: Guard = ({ outages }) => {
  const owned = outages.filter((outage) => outage.owner === 'sut' && outage.onPath)
  const doubtful = owned.filter((outage) => !ranUntouched(outage))
  const strikes: Strike[] = doubtful.map(({ link, service }) => ({
    guard: 'G7',
    class: 'infrastructure',
    subjects: [link, service],
    text: `${service} is a service of ours, and nobody saw it run untouched behind ${link}`,
  }))
  for (const { service } of owned)
    strikes.push({
      guard: 'G7',
      class: 'infrastructure',
      subjects: [service],
      text: `${service} is a service of ours: it is never its own witness`,
    })
  const unexplained = doubtful.find((outage) => outage.explainedBy === null && outage.looks >= fewestLooks)
  if (unexplained)
    strikes.push({
      guard: 'G7',
      class: 'infrastructure',
      text: `${unexplained.service}, a service of ours, was dead too, and may be what failed`,
    })
  return strikes
}

/** A process that runs may hang: of a silence the platform can't tell whose it is. */
function ranUntouched({ manner, seenWellPastLink, platform }: SeenOutage): boolean {
  if (manner === 'unwell') return false
  return seenWellPastLink || (manner === 'down' && platform === 'running')
}
