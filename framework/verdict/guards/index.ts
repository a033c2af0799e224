import type { Findings } from '../findings/findings.ts'
import { outsideWitness } from './g1-outside-witness.ts'
import { clearedPath } from './g2-cleared-path.ts'
import { testEvidence } from './g3-test-evidence.ts'
import { oneRelease } from './g4-release.ts'
import { gapIsGap } from './g5-gaps.ts'
import { ownedService } from './g7-owned-service.ts'
import { sparedService } from './g8-spared-service.ts'
import type { Guard, Strike } from './guard.ts'

/** The guards that strike verdicts. G6 has no verdict to strike: it narrows the evidence before anything is read. */
export const guards: readonly Guard[] = [
  outsideWitness,
  clearedPath,
  testEvidence,
  oneRelease,
  gapIsGap,
  ownedService,
  sparedService,
]

/** Everything that may not be said of these findings. */
export function strikesOn(findings: Findings): readonly Strike[] {
  return guards.flatMap((guard) => guard(findings))
}
