import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ChatClient } from './backend-client.ts'
import { Stack, TestPostgres, until } from './backend-stack.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

async function scrape(stack: Stack): Promise<string> {
  const response = await fetch(`${stack.app.url}/metrics`)
  expect(response.headers.get('content-type')).toContain('text/plain')
  return response.text()
}

/** The value of a metric with exactly these labels, in any order; undefined when there is none. */
function sample(text: string, name: string, labels: Record<string, string>): number | undefined {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  const line = text
    .split('\n')
    .find((each) => each.startsWith(`${name}{`) && wanted.every((label) => each.includes(label)))
  return line === undefined ? undefined : Number(line.split(' ').at(-1))
}

describe('metrics', () => {
  test('count requests by route and status, never by what a client chose', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada-the-user')
    const thread = await ada.createThread()
    await ada.messages(thread)
    await ada.send('GET', '/nowhere-at-all')
    const text = await scrape(stack)
    const requests = (route: string, status: string) =>
      sample(text, 'chat_http_request_duration_seconds_count', { method: 'GET', route, status })
    expect(requests('/threads/:id/messages', '200')).toBe(1)
    expect(requests('none', '404')).toBe(1)
    for (const secret of [thread, 'ada-the-user', ada.token, 'nowhere-at-all', 'postgres://'])
      expect(text).not.toContain(secret)
  })

  test("tell a breaker's state, and how long it was in each", async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    using socket = await ada.open()
    stack.model.mode = 'down'
    for (let index = 0; index < 5; index += 1) await ada.ask(socket, thread, `lost ${index}`)
    const text = await scrape(stack)
    expect(sample(text, 'chat_breaker_state', { breaker: 'model', state: 'open' })).toBe(1)
    expect(sample(text, 'chat_breaker_state', { breaker: 'auth', state: 'closed' })).toBe(1)
    const seconds = (state: string) =>
      sample(text, 'chat_breaker_state_seconds_total', { breaker: 'model', state })
    expect(seconds('closed')).toBeGreaterThan(0)
    expect(seconds('open')).toBeGreaterThan(0)
    expect(sample(text, 'chat_breaker_failures_total', { breaker: 'model', kind: 'connection' })).toBe(5)
  })

  test('tell of the pool, the sockets, the services and the process', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    using _socket = await ada.open()
    const text = await scrape(stack)
    expect(sample(text, 'chat_pool_connections', { state: 'size' })).toBe(10)
    expect(sample(text, 'chat_websocket_managers', { state: 'connected' })).toBeGreaterThanOrEqual(1)
    expect(sample(text, 'chat_build_info', { build_id: 'build-under-test' })).toBe(1)
    expect(text).toContain('process_resident_memory_bytes')
    await until(async () =>
      sample(await scrape(stack), 'chat_service_status', { service: 'connector', status: 'healthy' }),
    )
  })
})

describe('what a fault does to health', () => {
  test('an optional dependency that is away leaves the application live and ready, and is named', async () => {
    await using stack = await Stack.start(postgres)
    stack.model.mode = 'silent'
    const client = new ChatClient(stack.app.url)
    const health = await until(async () => {
      const answer = await client.send('GET', '/health')
      return String(answer.body['status']) === 'warn' ? answer : undefined
    })
    expect(health.status).toBe(200)
    expect(health.headers.get('content-type')).toContain('application/health+json')
    expect(health.body).toMatchObject({
      checks: {
        'model:responseTime': [{ status: 'warn', affectedEndpoints: ['/threads/:id/messages'] }],
        'database:responseTime': [{ status: 'pass' }],
      },
    })
    expect((await client.send('GET', '/health/live')).status).toBe(200)
    expect((await client.send('GET', '/health/ready')).status).toBe(200)
  })

  test.for(['down', 'silent'] as const)('a database that is %s is said in time', async (mode) => {
    await using stack = await Stack.start(postgres)
    stack.database.mode = mode
    const client = new ChatClient(stack.app.url)
    const ready = await until(async () => {
      const answer = await client.send('GET', '/health/ready')
      return answer.status === 503 ? answer : undefined
    })
    expect(ready.body).toMatchObject({ type: '/problems/database-away', dependency: 'database' })
    expect(ready.durationMs).toBeLessThan(3_000)
    const health = await client.send('GET', '/health')
    expect(health.status).toBe(503)
    expect(health.durationMs).toBeLessThan(3_000)
    expect((await client.send('GET', '/health/live')).status).toBe(200)
  })

  test('a change of a service is told to those who listen, with what is done about it', async () => {
    await using stack = await Stack.start(postgres)
    const client = new ChatClient(stack.app.url)
    await until(async () => {
      const { services } = (await client.send('GET', '/health')).body as unknown as {
        services: Record<string, { status: string }>
      }
      return services['database']?.status === 'healthy' || undefined
    })
    const abort = new AbortController()
    const events = await fetch(`${stack.app.url}/health/events`, { signal: abort.signal })
    stack.database.mode = 'down'
    const ada = await ChatClient.signIn(stack.app.url, 'ada').catch(() => client)
    let told = ''
    for await (const text of events.body!.pipeThrough(new TextDecoderStream())) {
      told += text
      if (told.includes('"to":"unavailable"')) break
      await ada.send('GET', '/threads')
    }
    abort.abort()
    expect(told).toMatch(/event: alert\ndata: \{"service":"database","severity":"critical"/)
    const { services, alerts } = (await client.send('GET', '/health')).body as unknown as {
      services: Record<string, object>
      alerts: object[]
    }
    expect(services['database']).toMatchObject({
      limitation: 'away',
      activeStrategies: ['serve-fallback', 'retry', 'tell-the-user'],
    })
    expect(alerts).toContainEqual(expect.objectContaining({ service: 'database', to: 'unavailable' }))
  })

  test('a database that takes no writes is read-only, and the application stays ready', async () => {
    await using stack = await Stack.start(postgres)
    const { databaseName } = stack
    await postgres.run(databaseName, `ALTER DATABASE ${databaseName} SET default_transaction_read_only = on`)
    stack.database.mode = 'down'
    stack.database.mode = 'pass'
    const client = new ChatClient(stack.app.url)
    const health = await until(async () => {
      const { body } = await client.send('GET', '/health')
      const check = (body['checks'] as unknown as Record<string, [{ output?: string }]>)[
        'database:responseTime'
      ]
      return check?.[0].output === 'it takes no writes' ? body : undefined
    })
    expect(health).toMatchObject({ status: 'warn' })
    expect((await client.send('GET', '/health/ready')).status).toBe(200)
  })
})

describe('readiness', () => {
  async function readyWhileStarting(defects?: string): Promise<number> {
    await using stack = await Stack.start(postgres, {
      ready: false,
      databaseMode: 'down',
      ...(defects && { defects }),
    })
    return (await fetch(`${stack.app.url}/health/ready`)).status
  }

  test('isn’t said before the start is over', async () => {
    expect(await readyWhileStarting()).toBe(503)
  })

  test('ready-lies says it from the first moment on', async () => {
    expect(await readyWhileStarting('ready-lies')).toBe(200)
  })

  test('is taken back first when the application ends', async () => {
    await using stack = await Stack.start(postgres)
    stack.app.process.kill('SIGTERM')
    const statuses: number[] = []
    await until(async () => {
      try {
        statuses.push((await fetch(`${stack.app.url}/health/ready`)).status)
        return undefined
      } catch {
        return true
      }
    })
    expect(statuses.at(-1)).toBe(503)
    expect(await stack.app.exit).toBe(0)
  })
})

describe('the end', () => {
  test('shutdown-drops-requests loses the answer in work', async () => {
    await using stack = await Stack.start(postgres, { defects: 'shutdown-drops-requests' })
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    const thread = await ada.createThread()
    using socket = await ada.open()
    const closed = once(socket.socket, 'close')
    await ada.post(thread, Array.from({ length: 60 }, (_, index) => `word${index}`).join(' '))
    await socket.next('chunk')
    stack.app.process.kill('SIGTERM')
    expect((await closed)[0]).toBe(1006)
    expect(socket.events.some(({ type }) => type === 'done')).toBe(false)
  })

  test('doesn’t wait for a client that won’t go', async () => {
    await using stack = await Stack.start(postgres)
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    using socket = await ada.open()
    // A client that doesn't read doesn't say goodbye either.
    socket.socket.pause()
    stack.app.process.kill('SIGTERM')
    expect(await stack.app.exit).toBe(0)
    expect(stack.app.log).toContain('cutting the sockets that are left')
  }, 40_000)

  test('comes in order while the start still waits for the database', async () => {
    await using stack = await Stack.start(postgres, { ready: false, databaseMode: 'silent' })
    await until(() => stack.app.log.includes('waiting for the database') || undefined)
    stack.app.process.kill('SIGTERM')
    expect(await stack.app.exit).toBe(0)
  }, 40_000)

  test('shutdown-hangs never comes', async () => {
    await using stack = await Stack.start(postgres, { defects: 'shutdown-hangs' })
    stack.app.process.kill('SIGTERM')
    await until(() => stack.app.log.includes('"step":"database"') || undefined)
    await expect(until(() => !stack.app.running || undefined, 1_000)).rejects.toThrow('not within')
  })
})
