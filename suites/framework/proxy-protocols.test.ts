import { once } from 'node:events'
import { createServer, type RequestListener, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { PostgresServers, password, user } from './probe-postgres-server.ts'
import { proxyStage } from './proxy-before.ts'

let servers: PostgresServers
let postgresPort: number
beforeAll(async () => {
  servers = new PostgresServers()
  postgresPort = await servers.start([])
}, 60_000)
afterAll(() => servers[Symbol.asyncDispose]())

test('http_response: 503 with Retry-After, and the server sees nothing', async () => {
  await using http = await httpStage()
  await http.toxic('http_response', { status: 503, retry_after_s: 7, body: 'busy' }, 'upstream')
  for (const method of ['GET', 'POST']) {
    const answer = await http.ask(method, method === 'POST' ? 'x'.repeat(100_000) : undefined)
    expect(answer).toMatchObject({ status: 503, text: 'busy', headers: { 'retry-after': '7' } })
  }
  expect(await http.ask('HEAD')).toMatchObject({ status: 503, text: '' })
  expect(http.seen).toEqual([])
})

test('http_response: a request that isn’t drawn gets through', async () => {
  await using http = await httpStage()
  await http.toxic('http_response', { status: 502, probability: 0.5 }, 'upstream')
  const statuses = []
  for (let round = 0; round < 20; round++) statuses.push((await http.ask('POST', `body ${round}`)).status)
  expect(new Set(statuses)).toEqual(new Set([200, 502]))
  expect(http.seen.length).toBe(statuses.filter((status) => status === 200).length)
})

test('http_response: from the third request on', async () => {
  await using http = await httpStage()
  await http.toxic('http_response', { status: 502, after_requests: 2 }, 'upstream')
  const statuses = []
  for (let round = 0; round < 4; round++) statuses.push((await http.ask('GET')).status)
  expect(statuses).toEqual([200, 200, 502, 502])
})

test('http_response: 504 comes after its delay', async () => {
  await using http = await httpStage()
  await http.toxic('http_response', { status: 504, delay: 120 }, 'upstream')
  const startedAt = performance.now()
  expect(await http.ask('GET')).toMatchObject({ status: 504 })
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115)
})

test('http_response: a body that drips, byte by byte', async () => {
  await using http = await httpStage()
  await http.toxic('http_response', { status: 200, body: 'slowly', drip: 15 }, 'upstream')
  const startedAt = performance.now()
  expect(await http.ask('GET')).toMatchObject({ text: 'slowly' })
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(70)
})

test('http_response: a truncated body breaks off', async () => {
  await using http = await httpStage()
  await http.toxic('http_response', { status: 200, body: 'whole', truncate: 2 }, 'upstream')
  await expect(http.ask('GET')).rejects.toThrow('aborted')
})

test('requests are in the ledger, with their status and without their query', async () => {
  await using http = await httpStage({ protocol: 'http' })
  await http.ask('POST', 'x'.repeat(200_000))
  await http.ask('HEAD')
  await http.toxic('http_response', { status: 502 }, 'upstream')
  await http.ask('GET')
  await expect
    .poll(() => http.requests())
    .toMatchObject([
      { id: 1, connection: 1, method: 'POST', path: '/things', status: 200, endedAt: expect.any(Number) },
      { id: 2, method: 'HEAD', status: 200, endedAt: expect.any(Number) },
      { id: 3, method: 'GET', status: 502, endedAt: expect.any(Number), outcome: 'answered' },
    ])
  expect(await http.figures()).toMatchObject({ p: { requests: 3, failedRequests: 1 } })
  for (const entry of await http.requests()) {
    expect(entry.answeredAt).toBeGreaterThanOrEqual(entry.startedAt)
    expect(entry.endedAt).toBeGreaterThanOrEqual(entry.answeredAt!)
  }
})

test('a request that a silent link swallows is in the ledger, open until its connection goes', async () => {
  await using http = await httpStage({ protocol: 'http' })
  for (const stream of ['upstream', 'downstream']) await http.toxic('timeout', { timeout: 0 }, stream)
  const asked = http.ask('GET').catch(() => 'lost')
  await expect
    .poll(() => http.requests())
    .toMatchObject([{ path: '/things', outcome: 'open', endedAt: null }])
  http.drop()
  expect(await asked).toBe('lost')
  await expect.poll(() => http.requests()).toMatchObject([{ outcome: 'unanswered', status: null }])
  expect(http.seen).toEqual([])
})

test('an upgrade is one request, and what the socket says afterwards passes unread', async () => {
  await using ws = await wsStage({ protocol: 'http' })
  const socket = await ws.open()
  const text = 'GET /x HTTP/1.1\r\n\r\n'.repeat(10_000)
  socket.send(text)
  expect(String((await once(socket, 'message'))[0])).toBe(text)
  socket.close()
  expect(await ws.requests()).toMatchObject([{ method: 'GET', status: 101, outcome: 'upgraded' }])
  expect(await ws.figures()).toMatchObject({ p: { requests: 1 } })
})

test('a request whose answer breaks off says so', async () => {
  await using http = await httpStage({ protocol: 'http' })
  await http.toxic('http_response', { status: 200, body: 'whole', truncate: 2 }, 'upstream')
  await expect(http.ask('GET')).rejects.toThrow('aborted')
  await expect.poll(() => http.requests()).toMatchObject([{ status: 200, outcome: 'broken-off' }])
})

test('a request whose connection is lost has ended without a status', async () => {
  await using http = await httpStage({ protocol: 'http' })
  await http.toxic('reset_peer', {}, 'upstream')
  await expect(http.ask('GET')).rejects.toThrow()
  await expect
    .poll(() => http.requests())
    .toMatchObject([{ status: null, answeredAt: null, endedAt: expect.any(Number) }])
})

test.each([
  ['53300', 'sorry, too many clients already'],
  ['57P03', 'the database system is starting up'],
])('postgres_error: %s in answer to a connect', async (sqlstate, message) => {
  await using stage = await proxyStage(postgresPort)
  await stage.toxic('postgres_error', { sqlstate, at: 'connect' }, 'upstream')
  await expect(connectPg(stage.port)).rejects.toMatchObject({ code: sqlstate, message, severity: 'FATAL' })
})

test('postgres_error: 57P01 in place of a query, on a connection that was there before', async () => {
  await using stage = await proxyStage(postgresPort)
  const client = await connectPg(stage.port)
  const ended = new Promise<void>((resolve) => client.once('end', resolve))
  await client.query('select 1')
  await stage.toxic('postgres_error', { sqlstate: '57P01', at: 'query' }, 'upstream')
  await expect(client.query('select $1::int', [2])).rejects.toMatchObject({ code: '57P01' })
  await ended
})

test('postgres_error: a connection opened under it may still log in', async () => {
  await using stage = await proxyStage(postgresPort)
  await stage.toxic('postgres_error', { sqlstate: '57P01', at: 'query' }, 'upstream')
  const client = await connectPg(stage.port)
  await expect(client.query('select 1')).rejects.toMatchObject({ code: '57P01' })
})

test('postgres_read_only: new sessions read and can’t write, those from before can', async () => {
  const direct = await connectPg(postgresPort)
  await direct.query('create table readings (id int)')
  await using stage = await proxyStage(postgresPort)
  const before = await connectPg(stage.port)
  await stage.toxic('postgres_read_only', {}, 'upstream')
  const during = await connectPg(stage.port)
  await before.query('insert into readings values (1)')
  expect((await during.query('select id from readings')).rows).toEqual([{ id: 1 }])
  await expect(during.query('insert into readings values (2)')).rejects.toMatchObject({ code: '25006' })
  await direct.end()
})

test('postgres_read_only: sessions that only read end with it', async () => {
  await using stage = await proxyStage(postgresPort)
  await stage.toxic('postgres_read_only', {}, 'upstream')
  const during = await connectPg(stage.port)
  await during.query('select 1')
  const ended = new Promise<void>((resolve) => during.once('end', resolve))
  await stage.remove()
  await ended
})

test('postgres_read_only: what a client asks for itself stays as it asked', async () => {
  await using stage = await proxyStage(postgresPort)
  await stage.toxic('postgres_read_only', {}, 'upstream')
  const client = await connectPg(stage.port, { options: '-c statement_timeout=1234' })
  const settings = await client.query(
    "select current_setting('statement_timeout') as timeout, current_setting('transaction_read_only') as reads",
  )
  expect(settings.rows).toEqual([{ timeout: '1234ms', reads: 'on' }])
})

test('reset_after_commit: the row is there, and its writer doesn’t know', async () => {
  const direct = await connectPg(postgresPort)
  await direct.query('create table orders (id int)')
  await using stage = await proxyStage(postgresPort)
  await stage.toxic('reset_after_commit', {}, 'downstream')
  const client = await connectPg(stage.port)
  expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }])
  await expect(client.query('insert into orders values ($1)', [1])).rejects.toMatchObject({
    code: 'ECONNRESET',
  })
  expect((await direct.query('select id from orders')).rows).toEqual([{ id: 1 }])

  const second = await connectPg(stage.port)
  await second.query('begin')
  await second.query('insert into orders values (2)')
  await expect(second.query('commit')).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect((await direct.query('select count(*)::int from orders')).rows).toEqual([{ count: 2 }])
  await direct.end()
})

test.each([1011, 1012, 1013])(
  'websocket_close: %d from the server, on a socket that is quiet',
  async (code) => {
    await using ws = await wsStage()
    const socket = await ws.open()
    const closed = once(socket, 'close')
    await ws.toxic('websocket_close', { code }, 'downstream')
    expect((await closed)[0]).toBe(code)
  },
)

test('websocket_close: 1006 after so many messages, cut between two of them', async () => {
  await using ws = await wsStage()
  await ws.toxic('websocket_close', { code: 1006, after_messages: 2 }, 'downstream')
  const socket = await ws.open()
  const received: string[] = []
  socket.on('message', (data) => received.push(String(data)))
  const closed = once(socket, 'close')
  for (const text of ['one', 'x'.repeat(70_000), 'three']) socket.send(text)
  expect((await closed)[0]).toBe(1006)
  expect(received.map((text) => text.length)).toEqual([3, 70_000])
})

test('websocket_close: plain HTTP passes', async () => {
  await using http = await httpStage()
  await http.toxic('websocket_close', { code: 1011 }, 'downstream')
  expect(await http.ask('GET')).toMatchObject({ status: 200 })
})

/** A proxy before a real HTTP server; `ask` keeps its connection. */
async function httpStage(more: object = {}) {
  const seen: string[] = []
  const listener: RequestListener = (asked, response) => {
    seen.push(asked.method ?? '')
    asked.resume().on('end', () => response.end('the server'))
  }
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stage = await proxyStage((server.address() as AddressInfo).port, more)
  const { Agent } = await import('node:http')
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    ...stage,
    seen,
    drop: () => agent.destroy(),
    ask: (method: string, body?: string) =>
      new Promise<{ status: number | undefined; text: string; headers: object }>((resolve, reject) => {
        const asked = request({ host: '127.0.0.1', port: stage.port, path: '/things?token=1', method, agent })
        asked.on('error', reject).on('response', async (response) => {
          try {
            const text = (await response.toArray()).join('')
            resolve({ status: response.statusCode, text, headers: response.headers })
          } catch (error) {
            reject(error)
          }
        })
        asked.end(body)
      }),
    async [Symbol.asyncDispose]() {
      agent.destroy()
      await stage[Symbol.asyncDispose]()
      server.close()
    },
  }
}

/** A proxy before a real WebSocket server that echoes. */
async function wsStage(more: object = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  await once(server, 'listening')
  const stage = await proxyStage((server.address() as AddressInfo).port, more)
  return {
    ...stage,
    async open() {
      const socket = new WebSocket(`ws://127.0.0.1:${stage.port}`, { perMessageDeflate: false })
      await once(socket, 'open')
      return socket
    },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]()
      server.close()
    },
  }
}

async function connectPg(port: number, more: { options?: string } = {}): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port, user, password, database: 'postgres', ...more })
  client.on('error', () => {})
  await client.connect()
  return client
}
