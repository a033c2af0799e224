import type { Disagreement, TimeoutBudget } from './budget.ts'
import { mustExceed, named } from './figure.ts'

/** A limit of 0 is no limit to PostgreSQL, pg-pool and most servers: what it would bound goes on for ever. */
export function bounded({ request }: TimeoutBudget): Disagreement[] {
  const { calls = {}, ...layers } = request
  const limits = [
    ...Object.entries(layers).map(([name, figure]) => named(`request.${name}`, figure)),
    ...Object.entries(calls).map(([name, call]) => named(`request.calls.${name}.timeoutMs`, call.timeoutMs)),
  ]
  return limits.flatMap((limit) =>
    mustExceed(
      limit,
      { name: 'no limit', value: 0 },
      {
        rule: 'bounded',
        fails: 'is, to most servers and clients,',
        remedy: `Set ${limit?.name}, inside what is around it.`,
      },
    ),
  )
}
