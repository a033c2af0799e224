import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { ChatClient } from './backend-client.ts'
import { Service, Stack, TestPostgres, until } from './backend-stack.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

describe('the sound application', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await Stack.start(postgres)
  })
  afterAll(() => stack[Symbol.asyncDispose]())

  test('answers a message over the WebSocket and keeps both in the history', async () => {
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    using socket = await ada.open()
    const answer = await ada.ask(socket, thread, 'hello there')
    expect(answer).toMatchObject({
      role: 'assistant',
      text: 'You wrote 2 words: hello there',
      degraded: null,
    })
    const chunks = socket.events.filter((event) => event.type === 'chunk').map((event) => event['text'])
    expect(chunks.join('')).toBe(answer.text)
    expect((await ada.messages(thread)).map((message) => message.text)).toEqual(['hello there', answer.text])
  })

  test('says on every answer which build and process gave it', async () => {
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const health = (await ada.send('GET', '/health')).body
    const identity = {
      'x-build-id': 'build-under-test',
      'x-instance-id': String(health['instanceId']),
      'x-started-at': String(health['startedAt']),
    }
    const headersOf = async (path: string, init?: RequestInit): Promise<Record<string, unknown>> =>
      Object.fromEntries((await fetch(`${stack.app.url}${path}`, init)).headers)
    expect(await headersOf('/')).toMatchObject(identity)
    expect(await headersOf('/nowhere')).toMatchObject(identity)
    expect(await headersOf('/%zz')).toMatchObject(identity)
    expect(await headersOf('/threads')).toMatchObject(identity)
    expect(
      await headersOf('/threads', {
        method: 'POST',
        body: '{',
        headers: { 'content-type': 'application/json' },
      }),
    ).toMatchObject(identity)
    const malformed = await exchange(stack.app.port, 'NOT HTTP\r\n\r\n')
    for (const [name, value] of Object.entries(identity)) expect(malformed).toContain(`${name}: ${value}`)
    const refused = new WebSocket(`${stack.app.url.replace('http', 'ws')}/ws?token=wrong`).on(
      'error',
      () => undefined,
    )
    const [, response] = await once(refused, 'unexpected-response')
    expect(response.statusCode).toBe(401)
    expect(response.headers).toMatchObject(identity)
    using socket = await ada.open()
    expect(socket.events[0]).toMatchObject({
      buildId: 'build-under-test',
      instanceId: identity['x-instance-id'],
      startedAt: Number(identity['x-started-at']),
    })
  })

  test('pages the history, oldest first', async () => {
    const ada = await ChatClient.signIn(stack.app.url, 'pages')
    const thread = await ada.createThread()
    using socket = await ada.open()
    for (const word of ['one', 'two', 'three']) await ada.ask(socket, thread, word)
    const first = await ada.messages(thread, '?page=1&size=4')
    const second = await ada.messages(thread, '?page=2&size=4')
    const all = await ada.messages(thread)
    expect([...first, ...second]).toEqual(all)
    expect(all.filter((message) => message.role === 'user').map((message) => message.text)).toEqual([
      'one',
      'two',
      'three',
    ])
    expect((await ada.send('GET', `/threads/${thread}/messages?page=0`)).status).toBe(400)
  })

  test('keeps and answers a repeated message with the same key once', async () => {
    const ada = await ChatClient.signIn(stack.app.url, 'repeats')
    const thread = await ada.createThread()
    using socket = await ada.open()
    const key = { 'idempotency-key': 'k-1' }
    const answers = await Promise.all([ada.post(thread, 'once', key), ada.post(thread, 'once', key)])
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
    await socket.next('done')
    await ada.post(thread, 'once', key)
    await ada.ask(socket, thread, 'later')
    expect((await ada.messages(thread)).map((message) => message.role)).toHaveLength(4)
  })

  test('hides one user from another', async () => {
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const eve = await ChatClient.signIn(stack.app.url, 'eve')
    const thread = await ada.createThread()
    expect((await eve.post(thread, 'hi')).status).toBe(404)
    expect((await eve.send('GET', `/threads/${thread}/messages`)).status).toBe(404)
    expect((await eve.post(randomUUID(), 'hi')).status).toBe(404)
    expect((await eve.post('not-an-id', 'hi')).status).toBe(404)
  })

  test('gives a client that comes back what it missed, without gap or double', async () => {
    const ada = await ChatClient.signIn(stack.app.url, 'returns')
    const thread = await ada.createThread()
    const first = await ada.open()
    await ada.ask(first, thread, 'before')
    await first.close()
    const { connectionId } = first.events[0]!
    const seen = first.events.at(-1)!.sequence!
    await ada.post(thread, 'while away')
    await until(async () => ((await ada.messages(thread)).length === 4 ? true : undefined))
    using second = await ada.open({ resume: String(connectionId), after: String(seen) })
    const done = await second.next('done')
    expect(done['message']).toMatchObject({ text: 'You wrote 2 words: while away' })
    const missed = second.events.slice(1).map((event) => event.sequence)
    expect(missed).toEqual(missed.map((_, index) => seen + index + 1))
  })

  test("refuses another user's connection", async () => {
    const ada = await ChatClient.signIn(stack.app.url, 'owner')
    const eve = await ChatClient.signIn(stack.app.url, 'thief')
    using socket = await ada.open()
    const query = new URLSearchParams({ token: eve.token, resume: String(socket.events[0]!['connectionId']) })
    const stolen = new WebSocket(`${stack.app.url.replace('http', 'ws')}/ws?${query}`).on(
      'error',
      () => undefined,
    )
    const [, response] = await once(stolen, 'unexpected-response')
    expect(response.statusCode).toBe(403)
  })

  test('serves a page to chat on', async () => {
    const page = await (await fetch(stack.app.url)).text()
    expect(page).toContain('<label for="message">Message</label>')
    expect((await fetch(`${stack.app.url}/chat.js`)).headers.get('content-type')).toContain('javascript')
  })

  test('prints one line, where it listens', () => {
    expect(stack.app.lines).toEqual([JSON.stringify({ listening: stack.app.port })])
  })
})

describe('without a dependency', () => {
  for (const mode of ['down', 'silent'] as const) {
    test(`refuses in time while the database link is ${mode}, and recovers by itself`, async () => {
      await using stack = await Stack.start(postgres)
      const ada = await ChatClient.signIn(stack.app.url, 'ada')
      const threads = await Promise.all(Array.from({ length: 14 }, () => ada.createThread()))
      const before = (await ada.send('GET', '/health')).body
      stack.database.mode = mode
      for (let round = 0; round < 2; round += 1) {
        const answers = await Promise.all(threads.map((thread) => ada.post(thread, 'hello')))
        for (const answer of answers) {
          expect(answer.status).toBe(503)
          expect(answer.body).toMatchObject({ dependency: 'database', status: 503 })
          expect(answer.durationMs).toBeLessThan(3_000)
        }
      }
      const during = await until(async () => {
        const { body } = await ada.send('GET', '/health')
        return body['status'] === 'fail' ? body : undefined
      })
      expect(during).toMatchObject({ checks: { 'database:responseTime': [{ status: 'fail' }] } })
      expect((await ada.send('GET', '/health/live')).status).toBe(200)
      expect((await ada.send('GET', '/health/ready')).body).toMatchObject({ dependency: 'database' })
      stack.database.mode = 'pass'
      await until(
        async () => ((await ada.post(threads[0]!, 'again')).status === 201 ? true : undefined),
        5_000,
      )
      expect((await ada.send('GET', '/health')).body['instanceId']).toBe(before['instanceId'])
    })
  }

  for (const mode of ['down', 'silent'] as const) {
    test(`changes nothing while analytics is ${mode}`, async () => {
      await using stack = await Stack.start(postgres)
      stack.analytics.mode = mode
      const ada = await ChatClient.signIn(stack.app.url, 'ada')
      const thread = await ada.createThread()
      using socket = await ada.open()
      for (let index = 0; index < 5; index += 1) {
        const startedAt = performance.now()
        expect(await ada.ask(socket, thread, `message ${index}`)).toMatchObject({ degraded: null })
        expect(performance.now() - startedAt).toBeLessThan(900)
      }
      expect((await ada.send('GET', '/health')).body).toMatchObject({ status: 'warn' })
      expect((await ada.send('GET', '/health/ready')).status).toBe(200)
    })
  }

  test('answers without the model from its cache or with an apology, and says so', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    using socket = await ada.open()
    await ada.ask(socket, thread, 'asked before')
    for (const mode of ['down', 'silent'] as const) {
      stack.model.mode = mode
      expect(await ada.ask(socket, thread, 'asked before')).toMatchObject({
        text: 'You wrote 2 words: asked before',
        degraded: 'cached',
      })
      expect(await ada.ask(socket, thread, 'never asked')).toMatchObject({ degraded: 'model-away' })
    }
    stack.model.mode = 'pass'
    expect(await ada.ask(socket, thread, 'never asked')).toMatchObject({ degraded: null })
  })

  test('lets signed-in users go on without auth, and says why nobody else can sign in', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    for (const mode of ['down', 'silent'] as const) {
      stack.auth.mode = mode
      using socket = await ada.open()
      expect(await ada.ask(socket, await ada.createThread(), 'still here')).toMatchObject({ degraded: null })
      const refused = await ada.send('POST', '/auth/session', { user: 'bob' })
      expect(refused.status).toBe(503)
      expect(refused.body).toMatchObject({ dependency: 'auth' })
      expect(refused.durationMs).toBeLessThan(3_000)
    }
    stack.auth.mode = 'pass'
    await until(async () =>
      (await ada.send('POST', '/auth/session', { user: 'bob' })).status === 201 ? true : undefined,
    )
  })

  test('waits for the database at its start instead of ending', async () => {
    await using stack = await Stack.start(postgres, { ready: false, databaseMode: 'down' })
    const client = new ChatClient(stack.app.url)
    await until(async () => {
      const { state } = (await client.send('GET', '/health/startup')).body as {
        state?: { waitingFor?: string }
      }
      return state?.waitingFor ? true : undefined
    })
    expect((await client.send('POST', '/auth/session', { user: 'ada' })).body).toMatchObject({
      type: '/problems/starting',
      dependency: 'database',
    })
    stack.database.mode = 'pass'
    await until(async () => ((await client.send('GET', '/health/ready')).status === 200 ? true : undefined))
  })
})

describe('start and end', () => {
  test('two instances that start together on an empty database take turns to migrate it', async () => {
    await using stack = await Stack.start(postgres)
    await postgres.run(stack.databaseName, 'DROP SCHEMA chat CASCADE')
    await using first = await Service.start('main.ts', stack.env)
    await using second = await Service.start('main.ts', stack.env)
    for (const { url } of [first, second])
      await until(async () => (await fetch(`${url}/health/ready`)).ok || undefined)
    const applied = await postgres.run(
      stack.databaseName,
      'SELECT count(*)::int AS applied FROM chat.migrations',
    )
    expect(applied).toEqual([{ applied: 2 }])
  })

  test('finishes the answer in work before it ends on SIGTERM', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    using socket = await ada.open()
    const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ')
    await ada.post(thread, words)
    await socket.next('chunk')
    stack.app.process.kill('SIGTERM')
    const done = await socket.next('done')
    expect(done['message']).toMatchObject({ degraded: null, text: `You wrote 60 words: ${words}` })
    expect(await stack.app.exit).toBe(0)
    expect(socket.socket.readyState).not.toBe(WebSocket.OPEN)
  })

  test('no request in flight fails when it ends under load', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    let workUntil = Number.POSITIVE_INFINITY
    const kept: string[] = []
    const work = Array.from({ length: 4 }, async () => {
      while (performance.now() < workUntil) {
        const answer = await ada.post(thread, 'under load')
        expect(answer.status).toBe(201)
        kept.push((answer.body as unknown as { message: { id: string } }).message.id)
      }
    })
    const worked = Promise.all(work)
    await until(() => (kept.length > 20 ? true : undefined))
    stack.app.process.kill('SIGTERM')
    workUntil = performance.now() + 100
    await worked
    expect(await stack.app.exit).toBe(0)
    const rows = await postgres.run(
      stack.databaseName,
      `SELECT id FROM chat.messages AS question WHERE role = 'user'
       AND EXISTS (SELECT FROM chat.messages WHERE reply_to = question.id)`,
    )
    const answered = new Set(rows.map((row) => row['id']))
    expect(kept.filter((id) => !answered.has(id))).toEqual([])
  })

  test('answers the message that a connection from before the signal brings after the others were through', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    const socket = connect(Number(new URL(stack.app.url).port), '127.0.0.1')
    await once(socket, 'connect')
    stack.app.process.kill('SIGTERM')
    await until(() => (stack.app.log.includes('"step":"answers in work"') ? true : undefined))
    const body = JSON.stringify({ text: 'just in time' })
    const headers = [
      `POST /threads/${thread}/messages HTTP/1.1`,
      ...['host: app', `authorization: Bearer ${ada.token}`, 'content-type: application/json'],
      `content-length: ${body.length}`,
    ]
    socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 201 /)
    expect(await stack.app.exit).toBe(0)
    const answers = await postgres.run(
      stack.databaseName,
      `SELECT text FROM chat.messages WHERE role = 'assistant'`,
    )
    expect(answers).toEqual([{ text: 'You wrote 3 words: just in time' }])
  })

  test('a second signal ends it at once', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    stack.model.mode = 'silent'
    await ada.post(thread, 'this answer takes its time')
    stack.app.process.kill('SIGTERM')
    await until(() => (stack.app.log.includes('shutting down') ? true : undefined))
    stack.app.process.kill('SIGTERM')
    expect(await stack.app.exit).toBe(1)
    expect(stack.app.log).toContain('second signal')
  })

  test('tells changes of its dependencies as server-sent events, and ends them with itself', async () => {
    await using stack = await Stack.start(postgres)
    const response = await fetch(`${stack.app.url}/health/events`)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('x-build-id')).toBe('build-under-test')
    stack.app.process.kill('SIGTERM')
    expect(await response.text()).toContain('event: report\ndata: {"database":{"status":')
    expect(await stack.app.exit).toBe(0)
  })

  test('every service ends with 0 on SIGTERM', async () => {
    await using auth = await Service.start('auth.ts', { DATABASE_URL: postgres.url('postgres') })
    await using model = await Service.start('model.ts')
    await using analytics = await Service.start('analytics.ts')
    for (const service of [auth, model, analytics]) {
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200)
      service.process.kill('SIGTERM')
      expect(await service.exit).toBe(0)
    }
  })

  test('names every setting that is missing or malformed', async () => {
    await using app = new Service('main.ts', { PORT: 'http', DATABASE_URL: 'nonsense' })
    expect(await app.exit).not.toBe(0)
    for (const name of ['PORT', 'DATABASE_URL', 'AUTH_URL', 'MODEL_URL']) expect(app.log).toContain(name)
  })
})

/** Writes raw bytes and reads the raw answer. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  return text(socket)
}
