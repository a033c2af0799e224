import type { Disagreement, NamedFigure, TimeoutBudget } from './budget.ts'
import { mustExceed, named } from './figure.ts'

/** All pools of all instances, roll-outs included, fit into the server together. */
export function connections({ pools = {}, serverConnections }: TimeoutBudget): Disagreement[] {
  const wanted = Object.entries(pools).map(([service, pool]) => {
    const { size, reserve = 0, instances = 1 } = pool
    const value = (figure: typeof size) => named('', figure)!.value
    return {
      name: `${service}'s ${value(instances)} × (${value(size)} + ${value(reserve)})`,
      value: value(instances) * (value(size) + value(reserve)),
      from: named('', size)!.from,
    }
  })
  if (wanted.length === 0) return []
  const from = [...new Set(wanted.flatMap((each) => each.from ?? []))].join(', ')
  const all: NamedFigure = {
    name: wanted.map((each) => each.name).join(' + '),
    value: wanted.reduce((total, each) => total + each.value, 0),
    ...(from && { from }),
  }
  return mustExceed(named('serverConnections', serverConnections), all, {
    rule: 'connections',
    unit: ' connections',
    orEqual: true,
    fails: 'has no room for',
    remedy: 'Make the pools smaller, run fewer instances, or put a pooler in front of the server.',
  })
}
