import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('expects an answer that nobody ever promised', async (t) => {
    const { session, thread } = await t.enter()
    t.expect((await t.converse(session, thread, 'hello')).answer.text).toBe('Hello to you!')
  })
})
