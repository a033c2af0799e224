import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

const texts = '["one", "two"'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('reads data of its own that is no JSON', async (t) => {
    const { session, thread } = await t.enter()
    for (const text of JSON.parse(texts) as string[]) await t.post(session, thread, text)
  })
})
