import { randomUUID } from 'node:crypto'
import { describeWith } from 'faultline/vitest'
import { ChatTest, type Message } from './chat.ts'

interface Page {
  readonly total: number
  readonly messages: readonly Message[]
}

describeWith(ChatTest, 'signing in', (it) => {
  it('gives a token for a name', async (t) => {
    const session = await t.signIn()
    t.expect(session.token).toMatch(/\S{16,}/)
  })

  it('refuses an empty name, and says why', async (t) => {
    const reply = await t.http.post('/auth/session', { user: '' })
    t.expect(reply.status).toBe(400)
    t.expect(reply.headers.get('content-type')).toContain('application/problem+json')
    t.expect(reply.json<{ title: string }>().title).toContain('user')
  })

  it('refuses a request without a token', async (t) => {
    t.expect((await t.http.get('/threads')).status).toBe(401)
  })
})

describeWith(ChatTest, 'threads and messages', (it) => {
  it('keeps a message in its thread', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session)
    const message = await t.post(session, thread, 'remember me')
    const page = (await t.history(session, thread)).json<Page>()
    t.expect(page.messages[0]).toMatchObject({ id: message.id, role: 'user', text: 'remember me' })
  })

  it('gives history in pages', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session)
    const { answer } = await t.converse(session, thread, 'first')
    const second = (await t.history(session, thread, 2, 1)).json<Page>()
    t.expect(second).toMatchObject({ total: 2, messages: [{ id: answer.id }] })
  })

  it('keeps a message once, however often it is sent with the same key', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session)
    const options = {
      ...t.as(session),
      headers: { ...t.as(session).headers, 'idempotency-key': randomUUID() },
    }
    const send = () => t.http.post(`/threads/${thread}/messages`, { text: 'once' }, options)
    const [first, second] = [await send(), await send()].map(
      (reply) => reply.json<{ message: Message }>().message.id,
    )
    t.expect(second).toBe(first)
  })

  it('knows no thread of somebody else', async (t) => {
    const thread = await t.createThread(await t.signIn())
    const reply = await t.history(await t.signIn(), thread)
    t.expect(reply.status).toBe(404)
  })

  it('says on every answer which build and instance gave it, on errors too', async (t) => {
    const replies = [await t.http.get('/health/live'), await t.http.get('/no/such/page')]
    for (const { headers } of replies) {
      t.expect(headers.get('x-build-id')).toMatch(/\S/)
      t.expect(headers.get('x-instance-id')).toMatch(/\S/)
    }
    t.expect(replies[1]?.headers.get('x-instance-id')).toBe(replies[0]?.headers.get('x-instance-id'))
  })
})
