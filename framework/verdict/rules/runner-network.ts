import { exampleEdgeOutage, exampleFindings } from './example.ts'
import { clock, type Rule } from './rule.ts'

const dead = { state: 'dead' as const, outage: exampleEdgeOutage() }
const runner = exampleFindings().runner

/** The control target, behind no link, is dead from the runner as well: the runner's own network. */
export const runnerNetwork: Rule = {
  id: 'runner-network',
  reasons: ['runner-network'],
  matches: exampleFindings({
    edge: dead,
    path: { cleared: false, flaws: ['client/app was seen refused'], gaps: [], unwatched: [] },
    runner: { ...runner, controlDead: exampleEdgeOutage(), controlFine: false },
  }),
  passesOver: exampleFindings({ edge: dead }),
  weigh({ edge, runner: { controlDead }, edgeName }) {
    if (!controlDead || edge.state === 'fine') return undefined
    return {
      class: 'infrastructure',
      scope: 'runner',
      subject: 'runner',
      reason: 'runner-network',
      weight: 0.85,
      because: `the control target was dead from the runner from ${clock(controlDead.from)} until ${clock(controlDead.to)}, and ${edgeName} with it`,
    }
  },
}
