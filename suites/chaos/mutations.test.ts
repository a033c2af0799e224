import { describe, expect, test } from 'vitest'
import { type Mutation, mutations } from './mutations.ts'
import { type ChaosOutcomes, runChaosProcess } from './run-chaos.ts'

/**
 * All of them with CHAOS_MUTATIONS=all; else the first of each experiment, which shows that none is blind. That each experiment
 * is held without a defect is shown by its neighbour, chaos.test.ts.
 */
const chosen =
  process.env['CHAOS_MUTATIONS'] === 'all'
    ? mutations
    : mutations.filter((one, index) => firstOf(one.experiment) === index)

function firstOf(experiment: string): number {
  return mutations.findIndex((one) => one.experiment === experiment)
}

// One at a time: on a busy machine every promise of time is broken.
describe('a broken promise is found', () => {
  test.for(chosen)('$promise ($defect)', async ({ experiment, defect, breaks }: Mutation) => {
    const run = await runChaosProcess([`suites/chaos/${experiment}.chaos.ts`, '--seed', '1'], {
      env: { FIXTURE_DEFECTS: defect },
    })
    const found = (JSON.parse(run.written ?? '{"experiments":[]}') as ChaosOutcomes).experiments[0]
    expect(found?.outcome, run.stdout + run.stderr).toBe('broken')
    const broken = found?.expectations.filter(({ outcome }) => outcome === 'broken').map(({ name }) => name)
    expect(broken, run.stdout).toContain(breaks)
  })
})
