import { expect, test } from 'vitest'
import { classesOf, failedTests, gate } from './gate-command.ts'

const suite = 'suites/configuration/running.test.ts'

test('a sound configuration passes', async () => {
  const run = await gate([suite])
  expect(run.exitCode, run.stdout).toBe(0)
})

const rows = [
  {
    defect: 'wrong-timeouts',
    fails: ['is the one that is declared for its environment'],
    names: 'background.modelStallMs is declared as 1,500 and runs as 1',
  },
  {
    defect: 'keep-alive-too-short',
    fails: ['has no two limits that disagree', 'is the one that is declared for its environment'],
    names: 'idle.serverKeepAliveMs (5,000 ms) closes before idle.gatewayKeepAliveMs (600,000 ms)',
  },
]

test.for(rows)('$defect blocks, and the two that disagree are named', async ({ defect, fails, names }) => {
  const run = await gate([suite], { FIXTURE_DEFECTS: defect })
  expect(run.exitCode, run.stdout).toBe(1)
  expect(classesOf(run)).toEqual(['application'])
  expect(failedTests(run).sort()).toEqual(fails)
  expect(run.stdout).toContain(names)
})
