import { hasOwnEvidence } from './g2-cleared-path.ts'
import type { Guard, Strike } from './guard.ts'

/**
 * G5: a gap is a gap. Where looks are missing for more than three intervals nothing is known, so nothing is cleared, and the
 * edge is nobody's fault. What the application itself showed stands without the looks.
 */
export const gapIsGap: Guard = (findings) => {
  const { path, edge, edgeName } = findings
  const strikes: Strike[] = []
  if (path.gaps.length > 0 && !hasOwnEvidence(findings))
    strikes.push({ guard: 'G5', class: 'application', text: path.gaps.join('; ') })
  if (edge.state === 'unseen')
    strikes.push({
      guard: 'G5',
      class: 'infrastructure',
      subjects: [edgeName],
      text: `looks are missing over ${edgeName}`,
    })
  return strikes
}
