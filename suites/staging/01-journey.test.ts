import { setTimeout as pause } from 'node:timers/promises'
import { describeWith } from 'faultline/vitest'
import { ChatTest } from './chat.ts'

const journeyMs = 3200
const everyMs = 100

describeWith(ChatTest, 'a long journey', (it) => {
  it('lists the user’s threads again and again, and never fails', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session, 'The long journey')
    const end = performance.now() + journeyMs
    while (performance.now() < end) {
      const reply = await t.http.get('/threads', t.as(session))
      t.expect(reply.status).toBe(200)
      t.expect(reply.json<{ threads: { id: string }[] }>().threads.map(({ id }) => id)).toEqual([thread])
      await pause(everyMs, undefined, { signal: t.signal })
    }
  })
})
