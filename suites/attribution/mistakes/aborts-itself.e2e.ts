import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('calls its own request off before an answer can come', async (t) => {
    const { session } = await t.enter()
    t.expect((await t.http.get('/threads', { ...t.as(session), signal: AbortSignal.abort() })).status).toBe(
      200,
    )
  })
})
