import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('gives an operation less time than it ever takes', async (t) => {
    for (let good = 0; good < 4; good += 1)
      t.expect((await t.http.post('/auth/session', { user: 'ada' })).status).toBe(201)
    t.expect((await t.http.post('/auth/session', { user: 'ada' }, { timeoutMs: 1 })).status).toBe(201)
  })
})
