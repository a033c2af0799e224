import type { Proposal } from '../candidate.ts'
import type { Findings } from '../findings/findings.ts'
import { type Shifts, shifts } from '../weights.ts'
import { applicationChanged } from './application-changed.ts'
import { edgeDown } from './edge-down.ts'
import { endDuringOutage } from './end-during-outage.ts'
import { endedTogether } from './ended-together.ts'
import { failsAgainRule } from './fails-again.ts'
import { failsOnCandidateOnly } from './fails-on-candidate-only.ts'
import { linkDown } from './link-down.ts'
import { linkOrService } from './link-or-service.ts'
import { linkSlow } from './link-slow.ts'
import { misuse } from './misuse.ts'
import { notReady } from './not-ready.ts'
import { notTheChange } from './not-the-change.ts'
import { orExpectation } from './or-expectation.ts'
import { ownEnd } from './own-end.ts'
import { ownTimeout } from './own-timeout.ts'
import { ownedServiceExited } from './owned-service-exited.ts'
import { pathCleared } from './path-cleared.ts'
import { raceSuspected } from './race-suspected.ts'
import type { Rule } from './rule.ts'
import { runnerNetwork } from './runner-network.ts'
import { runnerStarved } from './runner-starved.ts'
import { serverError } from './server-error.ts'
import { serviceDown } from './service-down.ts'
import { slotsTaken } from './slots-taken.ts'
import { stoppedByPlatform } from './stopped-by-platform.ts'
import { testsChanged } from './tests-changed.ts'

/** Every rule. Their order means nothing: weights rank what guards leave. */
export const rules: readonly Rule[] = [
  linkOrService,
  linkDown,
  linkSlow,
  serviceDown,
  edgeDown,
  runnerNetwork,
  runnerStarved,
  stoppedByPlatform,
  ownEnd,
  endedTogether,
  ownedServiceExited,
  notReady,
  orExpectation,
  serverError,
  slotsTaken,
  pathCleared,
  failsAgainRule,
  misuse,
  ownTimeout,
  raceSuspected,
  endDuringOutage,
  testsChanged,
  applicationChanged,
  failsOnCandidateOnly,
  notTheChange,
]

/** What the rules propose for these findings. */
export function proposalsFor(findings: Findings, moved: Shifts = shifts): Proposal[] {
  return rules.flatMap((rule) => {
    const candidate = rule.weigh(findings)
    return candidate ? [calibrated({ ...candidate, rule: rule.id }, moved)] : []
  })
}

/** A rule says how strong its facts are; labelled runs say how far that is to be believed. */
function calibrated(proposal: Proposal, moved: Shifts): Proposal {
  const shift = moved[`${proposal.rule}/${proposal.reason}`] ?? 0
  return { ...proposal, weight: Math.min(0.99, Math.max(0.01, proposal.weight + shift)) }
}
