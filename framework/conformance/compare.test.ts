import { expect, test } from 'vitest'
import type { TimeoutBudget } from './budget.ts'
import { compareTimeoutBudgets } from './compare.ts'

const declared: TimeoutBudget = {
  name: 'staging',
  request: { serverMs: { value: 8_000, from: 'limits.ts' }, calls: { auth: { timeoutMs: 2_000 } } },
}

test('finds nothing where what runs is what was declared, wherever it was read', () => {
  const running = { ...declared, request: { ...declared.request, serverMs: 8_000 } }
  expect(compareTimeoutBudgets(declared, running)).toEqual([])
})

test('names a figure that runs as another', () => {
  const running = { ...declared, request: { ...declared.request, calls: { auth: { timeoutMs: 2 } } } }
  expect(compareTimeoutBudgets(declared, running).map((each) => each.message)).toEqual([
    'request.calls.auth.timeoutMs is declared as 2,000 and runs as 2',
  ])
})

test('names a figure that only one of the two has', () => {
  const running = { ...declared, request: { calls: { auth: { timeoutMs: 2_000 } } } }
  expect(compareTimeoutBudgets(declared, running).map((each) => each.message)).toEqual([
    'request.serverMs is declared as 8,000 (limits.ts) and runs as nothing',
  ])
})
