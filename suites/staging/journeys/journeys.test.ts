import { randomUUID } from 'node:crypto'
import { describeWith } from 'faultline/vitest'
import { type ChatEvent, ChatTest, type Message } from '../chat.ts'

type Numbered = ChatEvent & { readonly sequence?: number; readonly connectionId?: string }

describeWith(ChatTest, 'what people write', (it) => {
  it.each(['привет', '你好', '👋🏽', '…', '<b>"quoted" \\ text</b>'])(
    'is kept as it was written: %s',
    async (t, text) => {
      const session = await t.signIn()
      const thread = await t.createThread(session)
      await t.post(session, thread, text)
      const page = (await t.history(session, thread)).json<{ messages: Message[] }>()
      t.expect(page.messages[0]?.text).toBe(text)
    },
  )
})

describeWith(ChatTest, 'a conversation', (it) => {
  it('keeps many messages, each once and in their order', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session)
    const texts = Array.from({ length: 6 }, (_, index) => `message ${index}`)
    for (const text of texts) await t.post(session, thread, text)
    const { messages } = (await t.history(session, thread)).json<{ messages: Message[] }>()
    t.expect(messages.filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(texts)
  })

  it('refuses a key that stood for another message', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session)
    const { headers, timeoutMs } = t.as(session)
    const options = { headers: { ...headers, 'idempotency-key': randomUUID() }, timeoutMs }
    const send = (text: string) => t.http.post(`/threads/${thread}/messages`, { text }, options)
    t.expect([(await send('one')).status, (await send('other')).status]).toEqual([201, 422])
  })

  it('is heard by its own user alone', async (t) => {
    const [ada, bob] = [await t.signIn(), await t.signIn()]
    const listener = await t.ws.connect<ChatEvent>(`/ws?token=${bob.token}`)
    await listener.next((event) => event.type === 'welcome')
    await t.converse(ada, await t.createThread(ada), 'for Ada')
    // What Bob is sent for a message of his own comes after whatever he was sent before.
    const own = await t.post(bob, await t.createThread(bob), 'for Bob')
    await listener.next((event) => event.type === 'done' && event.messageId === own.id)
    const heard = listener.messages.filter((event) => event.type !== 'welcome')
    t.expect(new Set(heard.map((event) => event.messageId))).toEqual(new Set([own.id]))
  })

  it('goes on where it was for a client that comes back', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session)
    const first = await t.ws.connect<Numbered>(`/ws?token=${session.token}`)
    const welcome = await first.next((event) => event.type === 'welcome')
    const before = await t.post(session, thread, 'before')
    const seen = await first.next((event) => event.type === 'done' && event.messageId === before.id)
    first.close()
    await first.closed
    const missed = await t.post(session, thread, 'while away')
    const last = seen.sequence ?? 0
    const resume = `/ws?token=${session.token}&resume=${welcome.connectionId}&after=${last}`
    const second = await t.ws.connect<Numbered>(resume)
    await second.next((event) => event.type === 'done' && event.messageId === missed.id)
    // The welcome repeats the number that the client came with.
    const numbers = second.messages.filter(({ type }) => type !== 'welcome').map(({ sequence }) => sequence)
    t.expect(numbers).toEqual(numbers.map((_, index) => last + 1 + index))
  })
})
