import { failsAgain, mostDeniedShare } from '../findings/again.ts'
import type { Findings } from '../findings/findings.ts'
import { isAway } from '../findings/path.ts'
import type { Guard } from './guard.ts'

/**
 * G2: application needs the path cleared, or evidence that no infrastructure explains: a wrong value in a well-formed
 * answer, an end, a restart or a hang of its own, the same failure again on healthy infrastructure. What happens to the
 * application while something that it requires is seen down may be a consequence of that.
 */
export const clearedPath: Guard = (findings) => {
  const { path, runner, slow } = findings
  if (hasOwnEvidence(findings)) return []
  const except = exitedServices(findings)
  if (isAway(findings.dependencies))
    return [
      {
        guard: 'G2',
        class: 'application',
        except,
        text: 'something that the application requires was seen down at that time',
      },
    ]
  const denied = runner.deniedShare < mostDeniedShare ? [] : ['the runner itself was denied the processor']
  const late = slow
    .filter(({ matters }) => matters)
    .map(({ link }) => `${link} answered far more slowly than usual`)
  const flaws = [...path.flaws, ...denied, ...late]
  if (flaws.length === 0) return []
  return [
    {
      guard: 'G2',
      class: 'application',
      text: `the path was not seen well throughout: ${flaws.join('; ')}`,
    },
  ]
}

/** Services of ours that the platform saw end by themselves, while nothing that isn't ours was seen down. */
function exitedServices({ outages }: Findings): string[] {
  const near = outages.filter((outage) => outage.onPath && outage.overlaps)
  const exited = near.filter((outage) => outage.owner === 'sut' && outage.platform === 'exited')
  return near.every((outage) => outage.owner === 'sut') ? exited.map((outage) => outage.service) : []
}

/** Whether the application showed by itself that it is at fault, whatever else was seen or not. */
export function hasOwnEvidence(findings: Findings): boolean {
  const { trouble, entry, dependencies, slots } = findings
  if (trouble.kind === 'failure' && trouble.family === 'wrong-value' && trouble.valueReceived) return true
  if (failsAgain(findings)) return true
  if (slots && trouble.kind === 'failure') return !isAway(dependencies)
  if (entry.state === 'exited') return dependencies !== 'down'
  const agentSaw = entry.seenBy === 'app-side' || entry.seenBy === 'platform'
  if (!agentSaw) return false
  if (entry.state === 'restarted' || entry.state === 'down')
    return dependencies === 'fine' || dependencies === 'ours-down'
  return dependencies === 'fine' && (entry.state === 'hung' || (trouble.kind !== 'failure' && entry.unwell))
}
