import type { Disagreement, Figure, NamedFigure, TimeoutBudget } from './budget.ts'
import { mustExceed, named, sum } from './figure.ts'

/** All pools of all instances, roll-outs included, fit into the server together. */
export function connections({ pools = {}, serverConnections }: TimeoutBudget): Disagreement[] {
  const figureOf = (figure: Figure) => named('', figure)!.value
  const wanted = Object.entries(pools).map(([service, { size, reserve = 0, instances = 1 }]): NamedFigure => {
    const [each, beside, times] = [figureOf(size), figureOf(reserve), figureOf(instances)]
    return {
      ...named('', size)!,
      name: `${service}'s ${times} × (${each} + ${beside})`,
      value: times * (each + beside),
    }
  })
  return mustExceed(named('serverConnections', serverConnections), sum(...wanted), {
    rule: 'connections',
    unit: ' connections',
    orEqual: true,
    fails: 'has no room for',
    remedy: 'Make the pools smaller, run fewer instances, or put a pooler in front of the server.',
  })
}
