import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { WebSocketServer, WebSocket as WsSocket } from 'ws'
import type { Exchange } from '../exchange.ts'
import { producerOf } from './answer.ts'
import { currentAttempt } from './attempts.ts'
import { startCapture } from './capture.ts'
import { claimsOf } from './claims.ts'
import { createObservedHttp, type ObservedHttp } from './observed-http.ts'
import { observeWebSocket } from './observed-websocket.ts'
import { httpOperation, sqlOperation } from './operation.ts'

const noted: Exchange[] = []
const note = (exchange: Exchange) => void noted.push(exchange)
const server = createServer((request, response) => {
  if (request.url === '/silent') return
  if (request.url === '/cut') {
    response.writeHead(200, { 'content-length': 50 }).write('{')
    return void setImmediate(() => request.socket.end())
  }
  if (request.url === '/page')
    return void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>no</h1>')
  if (request.url === '/health') {
    const checks = { 'database:connect': [{ status: 'fail' }], cache: { status: 'pass' } }
    return void response
      .writeHead(503, { 'content-type': 'application/health+json' })
      .end(JSON.stringify({ checks }))
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { authorization, accept } = request.headers
    const seen = { method: request.method, body: Buffer.concat(chunks).toString(), authorization, accept }
    response
      .writeHead(200, { 'content-type': 'application/json', 'x-build-id': 'b1' })
      .end(JSON.stringify(seen))
  })
})
const sockets = new WebSocketServer({ server })
let http: ObservedHttp
let address = ''

beforeAll(async () => {
  sockets.on('connection', (socket, request) => {
    if (request.url === '/drop') socket.terminate()
    else socket.close(4001, 'enough')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  http = createObservedHttp({
    baseUrl: `http://${address}`,
    note,
    target: 'app',
    headers: { authorization: 'Bearer t' },
  })
})

beforeEach(() => void noted.splice(0))

afterAll(() => {
  sockets.close()
  server.closeAllConnections()
  server.close()
})

test('JSON goes out and comes back, and the exchange is noted without the values', async () => {
  const answer = await http.post('/threads/12?deep=1', { text: 'hi' })
  expect(answer.json()).toEqual({
    method: 'POST',
    body: '{"text":"hi"}',
    authorization: 'Bearer t',
    accept: 'application/json',
  })
  expect(noted).toMatchObject([
    {
      operation: 'POST /threads/:id',
      target: 'app',
      host: address,
      outcome: 'ok',
      code: '200',
      wellFormed: true,
      identity: { build: 'b1' },
    },
  ])
})

test('the failing checks of a health document become claims', async () => {
  const answer = await http.get('/health')
  expect(answer.status).toBe(503)
  expect(noted).toMatchObject([{ outcome: 'failed', code: '503', claims: ['database'] }])
})

test('a page where JSON was asked for is an intermediary’s', async () => {
  const answer = await http.get('/page')
  expect(() => answer.json()).toThrow(SyntaxError)
  expect(noted).toMatchObject([{ code: '502', producer: 'intermediary' }])
})

test('a time limit rejects, and is noted as an abort', async () => {
  await expect(http.get('/silent', { timeoutMs: 30 })).rejects.toThrow('aborted due to timeout')
  expect(noted).toMatchObject([{ outcome: 'aborted' }])
})

test('a body that breaks off rejects, and is noted as a failure', async () => {
  await expect(http.get('/cut')).rejects.toThrow()
  expect(noted).toMatchObject([{ outcome: 'failed', wellFormed: false }])
})

test('the capture leaves a noting client’s traffic to it', async () => {
  using capture = startCapture({ targetOf: () => undefined })
  const observed = createObservedHttp({ baseUrl: `http://${address}`, note: capture.noteExchange })
  await capture.run('one', () => observed.get('/x'))
  expect(capture.take('one')).toHaveLength(1)
  expect(capture.takeUnattributed()).toEqual([])
})

test('a WebSocket conversation is noted with its close code, for whoever made the socket', async () => {
  using capture = startCapture({ targetOf: () => undefined })
  const attempts: (string | undefined)[] = []
  const visit = async (path: string) => {
    const socket = new WsSocket(`ws://${address}${path}`)
    observeWebSocket(socket, (exchange) => {
      note(exchange)
      attempts.push(currentAttempt())
    })
    await once(socket, 'close')
  }
  await capture.run('first', () => visit('/chat'))
  await capture.run('second', () => visit('/drop'))
  expect(noted).toMatchObject([
    { protocol: 'websocket', operation: 'WS /chat', outcome: 'ok', code: '4001' },
    { protocol: 'websocket', operation: 'WS /drop', outcome: 'failed', code: '1006' },
  ])
  expect(attempts).toEqual(['first', 'second'])
})

test('operations keep names and lose values', () => {
  expect(httpOperation('get', '/api/v1/users/42/posts/8f14e45f-ceea-467f-a8d0-1c5b8d5f3f11?q=secret')).toBe(
    'GET /api/v1/users/:id/posts/:id',
  )
  expect(httpOperation('GET', '/health')).toBe('GET /health')
  expect(httpOperation('GET', '/u/ada%40example.org')).toBe('GET /u/:id')
  expect(httpOperation('GET', '/')).toBe('GET /')
  expect(sqlOperation("/* who */ -- why\n  select * from t where a = 'secret'")).toBe('SELECT')
  expect(sqlOperation("'secret'")).toBe('QUERY')
})

test('only what can be told of the producer is told', () => {
  const of = (headers: Record<string, string>, status = 503) =>
    producerOf(headers, { identity: undefined, status, accepts: 'application/json' })
  expect(of({ server: 'Google Frontend' })).toBe('intermediary')
  expect(of({ 'proxy-status': 'edge; error=connection_refused' })).toBe('intermediary')
  expect(of({ server: 'envoy', 'x-envoy-upstream-service-time': '3' })).toBe('unknown')
  expect(of({ server: 'my-app' })).toBe('unknown')
  expect(producerOf({ via: '1.1 edge' }, { identity: { build: 'b' }, status: 500 })).toBe('application')
})

test('claims are read from whatever a body holds', () => {
  expect(claimsOf('application/problem+json', { dependency: ['database', 7, 'auth'] })).toEqual([
    'database',
    'auth',
  ])
  expect(claimsOf('application/problem+json', null)).toEqual([])
  expect(claimsOf('application/health+json', { checks: 'odd' })).toEqual([])
  expect(claimsOf('application/json', { dependency: 'database' })).toEqual([])
})
