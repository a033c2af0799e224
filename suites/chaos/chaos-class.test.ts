import { ChaosTest, describeWith } from 'faultline/vitest'
import { expect } from 'vitest'
import analyticsAway from './analytics-away.chaos.ts'
import tooLate from './made-up/too-late.chaos.ts'

describeWith(ChaosTest, 'an experiment in a test', (it) => {
  it('passes when its promises held', async (t) => {
    expect(await t.hold(analyticsAway, { seed: 7, environment: 'embedded' })).toMatchObject({
      outcome: 'held',
      seed: 7,
    })
  })

  it('fails when it says nothing', async (t) => {
    await expect(t.hold(tooLate, { seed: 7, environment: 'embedded' })).rejects.toThrow('did not bite')
  })
})
