import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('makes a URL of half an address', async (t) => {
    const { session } = await t.enter()
    const { pathname } = new URL('threads?page=1')
    t.expect((await t.http.get(pathname, t.as(session))).status).toBe(200)
  })
})
