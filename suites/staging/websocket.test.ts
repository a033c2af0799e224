import { describeWith, WebSocketTest } from 'faultline/vitest'
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

  it('answers a ping', async (t) => {
    const session = await t.signIn()
    const socket = await t.ws.connect<{ type: string }>(`/ws?token=${session.token}`)
    socket.send({ type: 'ping' })
    t.expect(await socket.next((event) => event.type === 'pong', { timeoutMs: 5000 })).toEqual({
      type: 'pong',
    })
  })
})

class DoorTest extends WebSocketTest {
  static override readonly needs = { auth: 'required' } as const
}

describeWith(DoorTest, 'the door of the WebSocket', (it) => {
  it('refuses a token that nobody was given', async (t) => {
    await t.expect(t.ws.connect('/ws?token=made-up')).rejects.toThrow('401')
  })

  it('harms nobody by refusing', async (t) => {
    await t.assertHealthMaintained(() => t.expect(t.ws.connect('/ws')).rejects.toThrow('401'))
  })
})
