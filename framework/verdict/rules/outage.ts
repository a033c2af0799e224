import type { Findings } from '../findings/findings.ts'
import type { SeenOutage } from '../findings/outages.ts'
import { clock } from './rule.ts'

/** The outage that a failure may be owed to: the first on its path at that time that no deeper one explains. */
export function outageBehind({ outages }: Findings): SeenOutage | undefined {
  const near = outages.filter((outage) => outage.onPath && outage.overlaps && outage.fits)
  const roots = near.filter((outage) => outage.explainedBy === null)
  return (roots.length > 0 ? roots : near).toSorted((a, b) => a.from - b.from)[0]
}

export function sentenceOf(outage: SeenOutage): string {
  const how = { down: 'dead', silent: 'silent', unwell: 'unwell' }[outage.manner]
  const codes = outage.codes.length > 0 ? ` (${outage.codes.join(', ')})` : ''
  const until = outage.recoveredAt === null ? `at least ${clock(outage.to)}` : clock(outage.recoveredAt)
  return `${outage.link} was ${how} app-side${codes} on ${outage.connections.join(' and ')} connections from ${clock(outage.from)} until ${until}, ${outage.looks} looks`
}
