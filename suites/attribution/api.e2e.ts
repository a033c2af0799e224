import { setTimeout as pause } from 'node:timers/promises'
import { Script } from 'node:vm'
import { db, describeWith, testWith } from 'faultline/vitest'
import type { Message } from '../staging/chat.ts'
import { VisitorTest } from './visitor.ts'

interface Page {
  readonly total: number
  readonly messages: readonly Message[]
}

describeWith(VisitorTest, 'the API', (it) => {
  it('lists the threads of a user for a while', async (t) => {
    const { session, thread } = await t.enter()
    const end = performance.now() + 1500
    while (performance.now() < end) {
      const reply = await t.http.get('/threads', t.as(session))
      t.expect(reply.status).toBe(200)
      t.expect(reply.json<{ threads: { id: string }[] }>().threads.map(({ id }) => id)).toEqual([thread])
      await pause(100, undefined, { signal: t.signal })
    }
  })

  it('keeps messages in their order, each once', async (t) => {
    const { session, thread } = await t.enter()
    for (const text of ['one', 'two']) await t.post(session, thread, text)
    const { messages } = (await t.history(session, thread)).json<Page>()
    t.expect(messages.filter(({ role }) => role === 'user').map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('gives history in pages', async (t) => {
    const { session, thread } = await t.enter()
    const { answer } = await t.converse(session, thread, 'first')
    const second = (await t.history(session, thread, 2, 1)).json<Page>()
    t.expect(second).toMatchObject({ total: 2, messages: [{ id: answer.id }] })
  })

  it('takes a text in any alphabet', async (t) => {
    const { session, thread } = await t.enter()
    t.expect((await t.post(session, thread, 'привет')).text).toBe('привет')
  })

  it('takes six messages in a row', async (t) => {
    const { session, thread } = await t.enter()
    for (let index = 0; index < 6; index += 1) await t.post(session, thread, `message ${index}`)
    const { messages } = (await t.history(session, thread)).json<Page>()
    t.expect(messages.filter(({ role }) => role === 'user')).toHaveLength(6)
  })

  it('knows no thread of somebody else', async (t) => {
    const { thread } = await t.enter()
    t.expect((await t.history(await t.signIn(), thread)).status).toBe(404)
  })

  it('serves a page whose script parses', async (t) => {
    const { text } = await t.http.get('/chat.js')
    t.expect(() => new Script(`(async () => {${text}})`)).not.toThrow()
  })
})

class StorageTest extends testWith(db) {
  static override readonly needs = { database: 'required' } as const
  static override readonly timeoutMs = 5000
}

describeWith(StorageTest, 'the database', (it) => {
  it('takes questions past the API', async (t) => {
    const { rows } = await t.db.query('SELECT count(*)::int >= 0 AS counted FROM chat.messages')
    t.expect(rows).toEqual([{ counted: true }])
  })
})
