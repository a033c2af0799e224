import { setTimeout as pause } from 'node:timers/promises'
import { db, describeWith, http, needing, test, testWith, ws } from 'faultline/vitest'
import { expect, inject, test as plainTest } from 'vitest'

class JourneyTest extends testWith(http, db, ws) {
  static override readonly needs = { app: 'required' } as const
  greeting = ''

  override async setUp(): Promise<void> {
    this.greeting = (await this.http.get('/greeting')).ok().text
  }
}

describeWith(JourneyTest, 'a journey', (it) => {
  it('sees what set-up did', (t) => t.expect(t.greeting).toBe('hello'))

  it('meets an error answer', async (t) => {
    ;(await t.http.post('/broken', { user: 'ada' })).ok()
  })

  it('is patient with what passes', async (t) => {
    const reply = await t.patiently(
      'the third try',
      async (signal) => (await t.http.get('/third', { signal })).ok(),
      {
        retryDelayMs: 1,
      },
    )
    t.expect(reply.status).toBe(200)
  })

  it('sets a limit that is too short', async (t) => {
    await t.http.get('/silent', { timeoutMs: 40 })
  })

  it('overruns in the middle of a request', { timeout: 200 }, async (t) => {
    await t.http.get('/silent')
  })

  it('sends the same headers with every request', async (t) => {
    const client = t.http.withHeaders({ 'x-who': 'ada' }).withHeaders({ 'x-why': 'test' })
    t.expect((await client.get('/headers')).json()).toMatchObject({ 'x-who': 'ada', 'x-why': 'test' })
  })

  it('talks over a WebSocket', async (t) => {
    const socket = await t.ws.connect<{ n: number }>('/ws')
    socket.send({ count: 3 })
    t.expect((await socket.next(({ n }) => n === 2)).n).toBe(2)
    t.expect((await socket.next()).n).toBe(3)
  })

  it('loses its WebSocket', async (t) => {
    const socket = await t.ws.connect('/ws')
    socket.send({ drop: true })
    await socket.next()
  })

  it('uses a pool after its end', async (t) => {
    await t.db.end()
    await t.db.query('SELECT 1')
  })

  it('meets no database', async (t) => {
    await t.db.query('SELECT 1')
  })
})

test('a fixture calls the API', needing({ app: 'required' }), async ({ http, faultline }) => {
  expect((await http.get('/greeting')).text).toBe('hello')
  expect(faultline.attempt).toBe(1)
})

plainTest.concurrent.each(['a', 'b', 'c'])('plain fetches stay apart: %s', async (name) => {
  await pause(5)
  await fetch(`${inject('faultline')?.entry?.url}/named/${name}`)
  expect(name).toBe('')
})
