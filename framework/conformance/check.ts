import { bounded } from './bounded.ts'
import type { Disagreement, TimeoutBudget } from './budget.ts'
import { connections } from './connections.ts'
import { idleTimers } from './idle.ts'
import { nesting } from './nesting.ts'
import { patience } from './patience.ts'

const rules = [bounded, nesting, patience, connections, idleTimers]

/**
 * Every pair of figures of a deployment that disagree, with both values, where each was read, and what to do; empty where all
 * agree. Pure: what isn't declared isn't checked.
 *
 * Source of the order: client > gateway > server > call × attempts > pool acquire > statement.
 */
export function checkTimeoutBudget(budget: TimeoutBudget): Disagreement[] {
  return rules.flatMap((rule) => rule(budget))
}
