import { type LinkName, splitClient } from '#topology'
import { isOnName } from './profiles/index.ts'
import type { FaultSpec } from './spec.ts'

/** The links on which some of the faults act on looking up the far end: it needs a name there. */
export function namedLinksOf(specs: readonly FaultSpec[]): ReadonlySet<LinkName> {
  return new Set(
    specs.flatMap((spec) =>
      spec.fault === 'profile' && isOnName(spec.profile) ? [splitClient(spec.target.name).link] : [],
    ),
  )
}
