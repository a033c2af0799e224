export type * from './budget.ts'
export { checkTimeoutBudget } from './check.ts'
export { compareTimeoutBudgets } from './compare.ts'
