import type { LinkName } from '#topology'
import { findProfile, isOnName } from './profiles/index.ts'
import type { FaultSpec } from './spec.ts'

/** The links on which some of the faults act on looking up the far end: it needs a name there. */
export function namedLinksOf(specs: readonly FaultSpec[]): ReadonlySet<LinkName> {
  const links = specs.flatMap((spec) => {
    const profile = spec.fault === 'profile' ? findProfile(spec.profile) : undefined
    return profile && isOnName(profile) ? [spec.target.name as LinkName] : []
  })
  return new Set(links.map((link) => link.replace(/#.*$/, '') as LinkName))
}
