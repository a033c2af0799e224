import { describeWith } from 'faultline/vitest'
import { type ChatEvent, ChatTest } from './chat.ts'

describeWith(ChatTest, 'the WebSocket', (it) => {
  it('welcomes a user with the build and instance that serve it', async (t) => {
    const session = await t.signIn()
    const socket = await t.ws.connect<ChatEvent>(`/ws?token=${session.token}`)
    const welcome = await socket.next()
    const live = await t.http.get('/health/live')
    t.expect(welcome).toMatchObject({
      type: 'welcome',
      user: session.user,
      buildId: live.headers.get('x-build-id'),
      instanceId: live.headers.get('x-instance-id'),
    })
  })

  it('refuses a token that nobody was given', async (t) => {
    await t.expect(t.ws.connect('/ws?token=made-up')).rejects.toThrow('401')
  })

  it('answers a ping', async (t) => {
    const session = await t.signIn()
    const socket = await t.ws.connect<{ type: string }>(`/ws?token=${session.token}`)
    socket.send({ type: 'ping' })
    t.expect(await socket.next((event) => event.type === 'pong', { timeoutMs: 5000 })).toEqual({
      type: 'pong',
    })
  })
})
