import { describeWith } from 'faultline/vitest'
import type { ChatEvent, Message } from '../staging/chat.ts'
import { VisitorTest } from './visitor.ts'

/** The model's own words are asked for: what stands in for them won't do. */
const ownWords = { needs: { model: 'required' } } as const

describeWith(VisitorTest, 'the conversation', (it) => {
  it('gives the answer word for word', ownWords, async (t) => {
    const { session, thread } = await t.enter()
    const { answer } = await t.converse(session, thread, 'hello out there')
    t.expect(answer).toMatchObject({ role: 'assistant', text: 'You wrote 3 words: hello out there' })
  })

  it('keeps an answer before it says that it is done', async (t) => {
    const { session, thread } = await t.enter()
    const { answer } = await t.converse(session, thread, 'will you remember')
    const page = (await t.history(session, thread)).json<{ messages: Message[] }>()
    t.expect(page.messages.map(({ id }) => id)).toContain(answer.id)
  })

  it('answers one message after the other', ownWords, async (t) => {
    const { session, thread } = await t.enter()
    for (const text of ['a', 'b', 'c']) {
      const { answer } = await t.converse(session, thread, text)
      t.expect(answer.text).toBe(`You wrote 1 word: ${text}`)
    }
  })

  it('answers a ping', async (t) => {
    const session = await t.signIn()
    const socket = await t.ws.connect<ChatEvent | { type: 'pong' }>(`/ws?token=${session.token}`)
    socket.send({ type: 'ping' })
    const isPong = (event: { type: string }) => event.type === 'pong'
    t.expect(await socket.next(isPong, { timeoutMs: 1500 })).toEqual({ type: 'pong' })
  })
})
