import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('asks for an address that is no URL', async (t) => {
    await t.enter()
    t.expect((await fetch('undefined/health/live', { signal: t.signal })).status).toBe(200)
  })
})
