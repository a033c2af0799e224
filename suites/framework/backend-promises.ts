import { randomUUID } from 'node:crypto'
import { startProxyServer } from 'faultline/proxy'
import { expect } from 'vitest'
import { type Answer, ChatClient } from './backend-client.ts'
import { type RelayMode, Stack, type TestPostgres, until } from './backend-stack.ts'

/** Well below what a request may take by itself, with room for a machine that is busy. */
const inTimeMs = 2_500
const recoveryMs = 8_000

/** The backend behind a real proxy on its way to a real PostgreSQL. */
export class Hurt implements AsyncDisposable {
  readonly stack: Stack
  readonly postgres: TestPostgres
  readonly #proxyUrl: string
  readonly #parts: AsyncDisposableStack

  private constructor(stack: Stack, postgres: TestPostgres, proxyUrl: string, parts: AsyncDisposableStack) {
    this.stack = stack
    this.postgres = postgres
    this.#proxyUrl = proxyUrl
    this.#parts = parts
  }

  static async start(postgres: TestPostgres, defects?: string): Promise<Hurt> {
    await using parts = new AsyncDisposableStack()
    const proxy = parts.use(await startProxyServer({ seed: 1 }))
    const upstream = `127.0.0.1:${postgres.port}`
    const created = await call(`${proxy.url}/proxies`, { name: 'db', listen: '127.0.0.1:0', upstream })
    const databasePort = Number(String(created['listen']).split(':').at(-1))
    const stack = parts.use(await Stack.start(postgres, { databasePort, ...(defects && { defects }) }))
    return new Hurt(stack, postgres, proxy.url, parts.move())
  }

  async addToxic(type: string, attributes: object = {}): Promise<void> {
    await call(`${this.#proxyUrl}/proxies/db/toxics`, { name: type, type, attributes })
  }

  async removeToxic(type: string): Promise<void> {
    await fetch(`${this.#proxyUrl}/proxies/db/toxics/${type}`, { method: 'DELETE' })
  }

  signIn(user = `user-${randomUUID()}`): Promise<ChatClient> {
    return ChatClient.signIn(this.stack.app.url, user)
  }

  /** How often each text is kept. */
  async kept(thread: string): Promise<Record<string, number>> {
    const rows = await this.postgres.run(
      this.stack.databaseName,
      `SELECT text, count(*)::int AS times FROM chat.messages WHERE role = 'user' AND thread_id = '${thread}' GROUP BY 1`,
    )
    return Object.fromEntries(rows.map(({ text, times }) => [String(text), Number(times)]))
  }

  /** The database takes no writes, as a replica after a fail-over: those connected before are cut. */
  async setReadOnly(readOnly: boolean): Promise<void> {
    const name = this.stack.databaseName
    const change = readOnly ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only'
    await this.postgres.run('postgres', `ALTER DATABASE ${name} ${change}`)
    if (!readOnly) return
    await this.cutSessions()
  }

  async cutSessions(): Promise<void> {
    await this.postgres.run(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${this.stack.databaseName}'`,
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }
}

async function call(url: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

/** A user with a thread that has a message and its answer, who has read both lists. */
async function talker(hurt: Hurt): Promise<{ ada: ChatClient; thread: string; path: string }> {
  const ada = await hurt.signIn()
  const thread = await ada.createThread()
  using socket = await ada.open()
  await ada.ask(socket, thread, 'remember me')
  const path = `/threads/${thread}/messages`
  await ada.send('GET', '/threads')
  await ada.send('GET', path)
  return { ada, thread, path }
}

function expectRefused(answer: Answer, types: readonly string[]): void {
  expect(answer.status).toBe(503)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(answer.body).toMatchObject({ dependency: 'database', type: expect.stringMatching(types.join('|')) })
  expect(answer.durationMs).toBeLessThan(inTimeMs)
}

const away = ['/problems/(database-away|outcome-unknown|pool-busy|unready)']

function stalePromise(mode: RelayMode): Kept {
  return async (hurt) => {
    const { ada, path } = await talker(hurt)
    const before = await ada.send('GET', path)
    hurt.stack.database.mode = mode
    for (const url of [path, '/threads']) {
      const answer = await ada.send('GET', url)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-degraded')).toBe('stale')
      expect(answer.headers.get('age')).toMatch(/^\d+$/)
      expect(answer.headers.get('cache-control')).toContain('no-store')
      expect(answer.body).toMatchObject({ stale: { ageMs: expect.any(Number), asOf: expect.any(String) } })
      expect(answer.durationMs).toBeLessThan(inTimeMs)
    }
    const { stale: _, ...shown } = (await ada.send('GET', path)).body
    expect(shown).toEqual(before.body)
    hurt.stack.database.mode = 'pass'
    await until(async () => {
      const { headers, body } = await ada.send('GET', path)
      return headers.get('x-degraded') === null && body['stale'] === undefined ? true : undefined
    }, recoveryMs)
  }
}

function keptPromise(mode: RelayMode): Kept {
  return async (hurt) => {
    const { ada, thread } = await talker(hurt)
    hurt.stack.database.mode = mode
    const texts = Array.from({ length: 6 }, (_, index) => `while away ${index}`)
    const answers = await Promise.all(texts.map((text) => ada.post(thread, text)))
    for (const answer of answers) expectRefused(answer, away)
    hurt.stack.database.mode = 'pass'
    await until(async () => ((await ada.post(thread, 'again')).status === 201 ? true : undefined), recoveryMs)
    expect(await hurt.kept(thread)).toMatchObject({ again: 1 })
  }
}

type Kept = (hurt: Hurt) => Promise<void>

/** What the application promises of itself when something that it needs is less than it should be. */
export const promises = {
  'history is shown as stale while the database is down': stalePromise('down'),
  'history is shown as stale while the database is silent': stalePromise('silent'),
  'a message is refused, never acknowledged, while the database is down': keptPromise('down'),
  'a message is refused, never acknowledged, while the database is silent': keptPromise('silent'),

  'nobody is shown what somebody else has read': async (hurt) => {
    await talker(hurt)
    const bob = await hurt.signIn()
    hurt.stack.database.mode = 'down'
    expectRefused(await bob.send('GET', '/threads'), away)
  },

  'who asks for no cache is shown nothing stale': async (hurt) => {
    const { ada, path } = await talker(hurt)
    hurt.stack.database.mode = 'down'
    expectRefused(await ada.send('GET', path, undefined, { 'cache-control': 'no-cache' }), away)
  },

  'what is read is fresh while the database is well': async (hurt) => {
    const { ada } = await talker(hurt)
    for (let count = 2; count <= 4; count += 1) {
      await ada.createThread()
      const { body, headers } = await ada.send('GET', '/threads')
      expect(body['threads']).toHaveLength(count)
      expect(headers.get('x-degraded')).toBeNull()
    }
  },

  'a slow database is waited for': async (hurt) => {
    const { ada, thread, path } = await talker(hurt)
    await hurt.addToxic('latency', { latency: 100 })
    expect((await ada.post(thread, 'slowly')).status).toBe(201)
    expect((await ada.send('GET', path)).headers.get('x-degraded')).toBeNull()
  },

  'a message whose acknowledgement was lost is kept once, however often it is sent': async (hurt) => {
    const { ada, thread } = await talker(hurt)
    const key = { 'idempotency-key': randomUUID() }
    const send = (): Promise<Answer> => ada.post(thread, 'once', key)
    await hurt.addToxic('reset_after_commit')
    for (const answer of await Promise.all([send(), send(), send()])) expect(answer.status).toBe(201)
    expect(await hurt.kept(thread)).toMatchObject({ once: 1 })
    await hurt.removeToxic('reset_after_commit')
    const again = await Promise.all([send(), send(), send()])
    expect(new Set(again.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(await hurt.kept(thread)).toMatchObject({ once: 1 })
  },

  'a key that stands for another message is refused': async (hurt) => {
    const { ada, thread } = await talker(hurt)
    const key = { 'idempotency-key': randomUUID() }
    await ada.post(thread, 'one', key)
    const answer = await ada.post(thread, 'other', key)
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ type: '/problems/idempotency-key-reused' })
  },

  'a read-only database is read, messages are refused, and taken again soon after': async (hurt) => {
    const { ada, thread, path } = await talker(hurt)
    await hurt.setReadOnly(true)
    // Over a connection that was cut under it nobody knows; from the next on it is clear.
    expectRefused(await ada.post(thread, 'too late'), ['/problems/(read-only|outcome-unknown)'])
    expectRefused(await ada.post(thread, 'too late'), ['/problems/read-only'])
    const history = await ada.send('GET', path)
    expect(history.status).toBe(200)
    expect(history.headers.get('x-degraded')).toBeNull()
    expect((await ada.send('GET', '/health/live')).status).toBe(200)
    await hurt.setReadOnly(false)
    await until(async () => ((await ada.post(thread, 'again')).status === 201 ? true : undefined), recoveryMs)
    expect(await hurt.kept(thread)).toEqual({ 'remember me': 1, again: 1 })
  },

  'messages are taken again after every connection was cut': async (hurt) => {
    const { ada, thread } = await talker(hurt)
    hurt.stack.database.mode = 'down'
    expectRefused(await ada.post(thread, 'lost'), away)
    hurt.stack.database.mode = 'pass'
    await until(async () => ((await ada.post(thread, 'again')).status === 201 ? true : undefined), recoveryMs)
  },

  'a connection that is cut costs no read and no message': async (hurt) => {
    const { ada, thread, path } = await talker(hurt)
    let fresh = 0
    for (let round = 0; round < 5; round += 1) {
      await hurt.cutSessions()
      expect((await ada.post(thread, `round ${round}`)).status).toBe(201)
      await hurt.cutSessions()
      const read = await ada.send('GET', path)
      expect(read.status).toBe(200)
      if (read.headers.get('x-degraded') === null) fresh += 1
    }
    // On a busy machine a reconnect may outlast what a read waits for the database: then it may be from before, and says so.
    expect(fresh).toBeGreaterThanOrEqual(3)
    expect(Object.values(await hurt.kept(thread))).toEqual([1, 1, 1, 1, 1, 1])
  },

  'a silent analytics service makes nothing slower': async (hurt) => {
    const { ada, thread } = await talker(hurt)
    hurt.stack.analytics.mode = 'silent'
    const durations: number[] = []
    for (let index = 0; index < 5; index += 1)
      durations.push((await ada.post(thread, `message ${index}`)).durationMs)
    expect(durations.sort((a, b) => a - b)[2]).toBeLessThan(600)
  },

  'an answer without the model says so': async (hurt) => {
    const { ada, thread } = await talker(hurt)
    using socket = await ada.open()
    hurt.stack.model.mode = 'down'
    expect(await ada.ask(socket, thread, 'never asked')).toMatchObject({ degraded: 'model-away' })
    expect(await ada.ask(socket, thread, 'remember me')).toMatchObject({ degraded: 'cached' })
  },

  'users who have signed in go on without the auth service': async (hurt) => {
    const users = [await hurt.signIn(), await hurt.signIn()]
    hurt.stack.auth.mode = 'silent'
    for (const user of users) expect((await user.send('GET', '/threads')).status).toBe(200)
    const refused = await users[0]!.send('POST', '/auth/session', { user: 'bob' })
    expect(refused).toMatchObject({ status: 503, body: { type: '/problems/auth-away', dependency: 'auth' } })
    expect(refused.durationMs).toBeLessThan(inTimeMs)
  },

  'a client that comes back gets each event that it missed, and each once': async (hurt) => {
    const { ada, thread, path } = await talker(hurt)
    const first = await ada.open()
    await ada.ask(first, thread, 'before')
    await first.close()
    const resume = String(first.events[0]!['connectionId'])
    const seen = first.events.at(-1)!.sequence!
    await ada.post(thread, 'while away')
    // Its answer comes while nobody listens: six messages are then kept.
    const answered = async () => (await ada.send('GET', path)).body['total'] === 6
    await until(async () => ((await answered()) ? true : undefined), recoveryMs)
    using second = await ada.open({ resume, after: String(seen) })
    const missed = await second.next('done')
    await ada.ask(second, thread, 'later')
    expect(missed['message']).toMatchObject({ text: 'You wrote 2 words: while away' })
    const numbers = second.events.slice(1).map((event) => event.sequence)
    expect(numbers).toEqual(numbers.map((_, index) => seen + index + 1))
  },
} satisfies Record<string, Kept>
