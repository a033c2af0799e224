import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer, WebSocket as WsSocket } from 'ws'
import { quietly } from './attempts.ts'
import { type Capture, startCapture } from './capture.ts'

const server = createServer(answer)
let base = ''
let capture: Capture
let attempts = 0

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split('?')[0] ?? ''
  const json = (status: number, type: string, body: unknown) =>
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body))
  if (path.startsWith('/threads')) {
    response.setHeader('x-build-id', 'b7')
    response.setHeader('x-instance-id', 'i1')
    response.setHeader('x-started-at', '2026-01-02T03:04:05Z')
    return void json(200, 'application/json', { ok: true })
  }
  if (path === '/problem') return void json(503, 'application/problem+json', { dependency: 'database' })
  if (path === '/half')
    return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":')
  if (path === '/proxied') return void response.writeHead(404, { server: 'nginx/1.27' }).end('not here')
  if (path === '/reset') return void request.socket.resetAndDestroy()
  if (path === '/closed') return void request.socket.end()
  if (path === '/cut') {
    response.writeHead(200, { 'content-length': 100, 'content-type': 'text/plain' }).write('abc')
    return void setImmediate(() => request.socket.end())
  }
  if (path === '/silent') return
  response.end('hello')
}

const sockets = new WebSocketServer({ noServer: true })

beforeAll(async () => {
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/refused')
      return void socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (each) => each.close(1000))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  capture = startCapture({ targetOf: (host) => (base.endsWith(host) ? 'app' : undefined) })
})

afterAll(() => {
  capture[Symbol.dispose]()
  sockets.close()
  server.closeAllConnections()
  server.close()
})

/** Runs one attempt and gives what was seen of it. */
async function attempt(fn: () => Promise<unknown>) {
  const key = `attempt ${attempts++}`
  await capture.run(key, fn).catch(() => undefined)
  return capture.take(key)
}

const read = async (path: string, init?: RequestInit) => (await fetch(base + path, init)).text()

function getWithHttp(url: string, agent?: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { ...(agent ? { agent } : {}) }, (response) => {
      response.resume().on('end', resolve).on('error', reject)
    })
    request.on('error', reject)
  })
}

async function closedPort(): Promise<number> {
  const probe = createTcpServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

test('a fetch is recorded with its operation, target and identity, and without its values', async () => {
  const [exchange, ...more] = await attempt(() => read('/threads/4711?token=abc'))
  expect(more).toEqual([])
  expect(exchange).toMatchObject({
    protocol: 'http',
    operation: 'GET /threads/:id',
    target: 'app',
    outcome: 'ok',
    code: '200',
    producer: 'application',
    wellFormed: true,
    identity: { build: 'b7', instance: 'i1', startedAt: Date.parse('2026-01-02T03:04:05Z') },
  })
  expect(exchange!.to).toBeGreaterThanOrEqual(exchange!.from)
  expect(JSON.stringify(exchange)).not.toMatch(/4711|abc/)
})

test('each request on a kept connection belongs to the attempt that made it', async () => {
  const first = await attempt(() => read('/threads/1'))
  const second = await attempt(() => read('/threads/2'))
  expect([first.length, second.length]).toEqual([1, 1])
})

test('concurrent attempts never mix, over fetch and node:http', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  const seen = await Promise.all(
    Array.from({ length: 40 }, (_, i) => {
      const word = String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26))
      return attempt(() => (i % 2 ? read(`/${word}`) : getWithHttp(`${base}/${word}`, agent))).then(
        (exchanges) => ({
          word,
          exchanges,
        }),
      )
    }),
  )
  agent.destroy()
  for (const { word, exchanges } of seen)
    expect(exchanges.map((each) => each.operation)).toEqual([`GET /${word}`])
})

test('what no attempt caused is unattributed', async () => {
  await read('/alone')
  const seen = capture.takeUnattributed()
  expect(seen.map((each) => each.operation)).toContain('GET /alone')
})

test('a refused connection has its errno, over fetch and node:http', async () => {
  const url = `http://127.0.0.1:${await closedPort()}/x`
  const seen = [...(await attempt(() => fetch(url))), ...(await attempt(() => getWithHttp(url)))]
  expect(seen.map(({ outcome, code }) => ({ outcome, code }))).toEqual([
    { outcome: 'failed', code: 'ECONNREFUSED' },
    { outcome: 'failed', code: 'ECONNREFUSED' },
  ])
  expect(seen[0]).not.toHaveProperty('target')
})

test('a reset connection has its errno', async () => {
  expect(await attempt(() => read('/reset'))).toMatchObject([{ outcome: 'failed', code: 'ECONNRESET' }])
})

test('a connection closed without an answer is a failure, not the caller’s own end', async () => {
  expect(await attempt(() => getWithHttp(`${base}/closed`))).toMatchObject([
    { outcome: 'failed', code: 'ECONNRESET' },
  ])
})

test('a body that breaks off is a failure that keeps who answered', async () => {
  const [byFetch] = await attempt(() => read('/cut'))
  const [byHttp] = await attempt(() => getWithHttp(`${base}/cut`))
  expect(byFetch).toMatchObject({ outcome: 'failed', code: 'UND_ERR_SOCKET', wellFormed: false })
  expect(byHttp).toMatchObject({ outcome: 'failed', code: 'ECONNRESET', wellFormed: false })
})

test('the caller’s own time limit is an abort without a code', async () => {
  const [exchange] = await attempt(() => read('/silent', { signal: AbortSignal.timeout(30) }))
  expect(exchange).toMatchObject({ outcome: 'aborted' })
  expect(exchange).not.toHaveProperty('code')
})

test('a request that its own side destroyed is an abort', async () => {
  const exchanges = await attempt(
    () =>
      new Promise<void>((resolve) => {
        const request = get(`${base}/silent`).on('error', () => resolve())
        request.on('socket', (socket) => socket.once('connect', () => request.destroy()))
      }),
  )
  expect(exchanges).toMatchObject([{ outcome: 'aborted' }])
})

test('a request under way when the attempt ends is aborted, and its late end is not counted again', async () => {
  const stop = new AbortController()
  const key = 'under way'
  const late = capture.run(key, () => read('/silent', { signal: stop.signal }).catch(() => undefined))
  await new Promise((resolve) => server.once('request', resolve))
  expect(capture.take(key)).toMatchObject([{ outcome: 'aborted' }])
  stop.abort()
  await late
  expect(capture.take(key)).toEqual([])
})

test('a problem document’s dependency becomes a claim', async () => {
  const [exchange] = await attempt(() => read('/problem'))
  expect(exchange).toMatchObject({ outcome: 'failed', code: '503', claims: ['database'], wellFormed: true })
})

test('JSON that does not parse is not well-formed', async () => {
  expect(await attempt(() => read('/half'))).toMatchObject([{ outcome: 'ok', wellFormed: false }])
})

test('a proxy’s answer is an intermediary’s, and a failure of the conversation', async () => {
  expect(await attempt(() => read('/proxied'))).toMatchObject([
    { outcome: 'failed', code: '404', producer: 'intermediary' },
  ])
})

test('upgrades are recorded, accepted and refused, over ws and the built-in WebSocket', async () => {
  const url = base.replace('http', 'ws')
  const ended = (socket: { addEventListener(type: 'close', listener: () => void): void }) =>
    new Promise<void>((resolve) => socket.addEventListener('close', resolve))
  const quiet = (socket: WsSocket) => socket.on('error', () => undefined)
  const accepted = { protocol: 'websocket', operation: 'GET /chat', outcome: 'ok', code: '101' }
  const refused = { protocol: 'websocket', operation: 'GET /refused', outcome: 'failed', code: '502' }
  expect(await attempt(() => ended(new WsSocket(`${url}/chat`)))).toMatchObject([accepted])
  expect(await attempt(() => ended(quiet(new WsSocket(`${url}/refused`))))).toMatchObject([refused])
  expect(await attempt(() => ended(new WebSocket(`${url}/chat`)))).toMatchObject([accepted])
  expect(await attempt(() => ended(new WebSocket(`${url}/refused`)))).toMatchObject([refused])
})

test('quiet traffic and ignored addresses leave no exchange', async () => {
  using other = startCapture({ targetOf: () => undefined, ignores: (host) => base.endsWith(host) })
  expect(await attempt(() => quietly(() => read('/quiet')))).toEqual([])
  await other.run('ignored', () => read('/ignored'))
  expect(other.take('ignored')).toEqual([])
})

test('of many exchanges the failures stay', async () => {
  using small = startCapture({ targetOf: () => undefined, most: 3 })
  await small.run('many', async () => {
    await read('/reset').catch(() => undefined)
    for (const path of ['/a', '/b', '/c', '/d']) await read(path)
  })
  expect(small.take('many').map((each) => each.operation)).toEqual(['GET /reset', 'GET /c', 'GET /d'])
})

test('after disposal nothing is recorded', async () => {
  const other = startCapture({ targetOf: () => undefined })
  other[Symbol.dispose]()
  await other.run('late', () => read('/late'))
  expect(other.take('late')).toEqual([])
})

test('what is kept of an exchange is redacted', async () => {
  using masked = startCapture({ targetOf: () => undefined, redact: (text) => text.replaceAll('hush', '***') })
  await masked.run('masked', () => read('/hush'))
  expect(masked.take('masked')).toMatchObject([{ operation: 'GET /***' }])
})

test('an exchange that says its attempt belongs to it, wherever it comes up', () => {
  using other = startCapture({ targetOf: () => undefined })
  const exchange = { protocol: 'http', operation: 'GET /', from: 1, to: 2, outcome: 'ok' } as const
  other.noteExchange(exchange, 'page')
  expect(other.take('page')).toEqual([exchange])
})
