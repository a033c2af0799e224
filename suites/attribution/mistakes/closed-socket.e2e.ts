import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('speaks over a socket that it has closed', async (t) => {
    const session = await t.signIn()
    const socket = await t.ws.connect(`/ws?token=${session.token}`)
    socket.close()
    await socket.closed
    socket.send({ type: 'ping' })
  })
})
