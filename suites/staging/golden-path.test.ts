import { describeWith } from 'faultline/vitest'
import { ChatTest, type Message } from './chat.ts'

describeWith(ChatTest, 'the golden path', (it) => {
  it('answers a message over the WebSocket', async (t) => {
    const session = await t.signIn()
    const { answer } = await t.converse(session, await t.createThread(session), 'hello out there')
    t.expect(answer).toMatchObject({ role: 'assistant', text: 'You wrote 3 words: hello out there' })
  })

  it('streams the answer in pieces that make up the whole', async (t) => {
    const session = await t.signIn()
    const { chunks, answer } = await t.converse(session, await t.createThread(session), 'one two three four')
    t.expect(chunks.length).toBeGreaterThan(1)
    t.expect(chunks.join('').trim()).toBe(answer.text.trim())
  })

  it('keeps the answer in the thread’s history', async (t) => {
    const session = await t.signIn()
    const thread = await t.createThread(session)
    const { answer } = await t.converse(session, thread, 'will you remember')
    const page = (await t.history(session, thread)).json<{ messages: Message[] }>()
    t.expect(page.messages.map(({ id }) => id)).toContain(answer.id)
  })

  it.whenDegraded(
    'model',
    'says that the model is away',
    async (t) => {
      const session = await t.signIn()
      const { answer } = await t.converse(session, await t.createThread(session), 'is anybody there')
      t.expect(answer.degraded).toBe('model-away')
    },
    { insteadOf: 'answers a message over the WebSocket' },
  )

  it.whenDegraded(
    'model',
    'gives the apology whole, with nothing to stream',
    async (t) => {
      const session = await t.signIn()
      const { chunks } = await t.converse(session, await t.createThread(session), 'one two three four')
      t.expect(chunks).toEqual([])
    },
    { insteadOf: 'streams the answer in pieces that make up the whole' },
  )
})
