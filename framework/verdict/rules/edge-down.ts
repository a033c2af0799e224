import { exampleEdgeOutage, exampleFindings } from './example.ts'
import { clock, type Rule } from './rule.ts'

const dead = { state: 'dead' as const, outage: exampleEdgeOutage() }

/** The application answers app-side as the same instance, and is dead from a runner whose own network is fine. */
export const edgeDown: Rule = {
  id: 'edge-down',
  reasons: ['edge-down'],
  matches: exampleFindings({
    edge: dead,
    path: { cleared: false, flaws: ['client/app was seen refused'], gaps: [], unwatched: [] },
  }),
  passesOver: exampleFindings({
    edge: dead,
    entry: { state: 'down', seenBy: 'app-side', at: 0, unwell: false },
  }),
  weigh({ edge, entry, runner, entryName, edgeName }) {
    if (edge.state !== 'dead' || entry.state !== 'same' || runner.controlDead) return undefined
    const { from, codes, manner } = edge.outage
    const how =
      manner === 'unwell' ? 'answered by somebody else than the application' : 'dead from the runner'
    const control = runner.controlFine ? ' and the control target answered the runner' : ''
    return {
      class: 'infrastructure',
      scope: 'environment',
      subject: edgeName,
      reason: 'edge-down',
      weight: runner.controlFine ? 0.9 : 0.8,
      because: `${edgeName} was ${how} from ${clock(from)} (${codes.join(', ')}), while ${entryName} answered app-side as the same instance throughout${control}`,
    }
  },
}
