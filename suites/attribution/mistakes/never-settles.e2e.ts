import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('waits for something that nobody will do', async (t) => {
    await t.enter()
    await Promise.withResolvers<void>().promise
  })
})
