import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('knocks at a port where nobody ever listened', async (t) => {
    await t.enter()
    t.expect((await fetch('http://127.0.0.1:9/health/live', { signal: t.signal })).status).toBe(200)
  })
})
