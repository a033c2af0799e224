import type { Proposal } from '../candidate.ts'
import type { Findings } from '../findings/findings.ts'
import { edgeDown } from './edge-down.ts'
import { endDuringOutage } from './end-during-outage.ts'
import { failsAgainRule } from './fails-again.ts'
import { linkDown } from './link-down.ts'
import { linkOrService } from './link-or-service.ts'
import { linkSlow } from './link-slow.ts'
import { misuse } from './misuse.ts'
import { notReady } from './not-ready.ts'
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
import { stoppedByPlatform } from './stopped-by-platform.ts'

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
  ownedServiceExited,
  notReady,
  orExpectation,
  serverError,
  pathCleared,
  failsAgainRule,
  misuse,
  ownTimeout,
  raceSuspected,
  endDuringOutage,
]

/** What the rules propose for these findings. */
export function proposalsFor(findings: Findings): Proposal[] {
  return rules.flatMap((rule) => {
    const candidate = rule.weigh(findings)
    return candidate ? [{ ...candidate, rule: rule.id }] : []
  })
}
