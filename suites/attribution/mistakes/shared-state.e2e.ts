import { describeWith } from 'faultline/vitest'
import type { Session } from '../../staging/chat.ts'
import { VisitorTest } from '../visitor.ts'

let left: Session | undefined

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('uses what a later test leaves behind', async (t) => {
    t.expect((await t.http.get('/threads', t.as(left!))).status).toBe(200)
  })

  it('leaves its session behind', async (t) => {
    left = await t.signIn()
  })
})
