import type { Findings } from '../findings/findings.ts'
import type { SeenOutage } from '../findings/outages.ts'
import { clock } from './rule.ts'

/**
 * The outage that a failure may be owed to: on its path at that time, with no deeper one to explain it; the application's own
 * links before those further in, and the first of them in time.
 */
export function outageBehind({ outages, entryName }: Findings): SeenOutage | undefined {
  const near = outages.filter((outage) => outage.onPath && outage.overlaps && outage.fits)
  const roots = near.filter((outage) => outage.explainedBy === null)
  const further = ({ link }: SeenOutage) => (link.startsWith(`${entryName}/`) ? 0 : 1)
  return (roots.length > 0 ? roots : near).toSorted((a, b) => further(a) - further(b) || a.from - b.from)[0]
}

/** Less than this share of the looks failed: the trouble comes and goes, or hits some connections only. */
const mostFlapping = 0.7

export function isFlapping(outage: SeenOutage): boolean {
  return outage.share < mostFlapping
}

export function sentenceOf(outage: SeenOutage): string {
  const how = { down: 'dead', silent: 'silent', unwell: 'unwell' }[outage.manner]
  const codes = outage.codes.length > 0 ? ` (${outage.codes.join(', ')})` : ''
  const until = outage.recoveredAt === null ? `at least ${clock(outage.to)}` : clock(outage.recoveredAt)
  const looks = isFlapping(outage)
    ? `${outage.looks} looks, ${Math.round(outage.share * 100)} % of them all`
    : `${outage.looks} looks`
  return `${outage.link} was ${how} app-side${codes} on ${outage.connections.join(' and ')} connections from ${clock(outage.from)} until ${until}, ${looks}`
}
