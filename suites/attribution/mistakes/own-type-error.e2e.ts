import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

const people: { name: string }[] = []

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('looks into a list of its own that is empty', async (t) => {
    const { session, thread } = await t.enter()
    await t.post(session, thread, people[0]!.name)
  })
})
