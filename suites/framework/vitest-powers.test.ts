import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { attemptsOf, hostOver } from './vitest-run.ts'

let session: Awaited<ReturnType<typeof hostOver>>
let thirds = 0

const server = createServer((request, response) => {
  const url = request.url ?? ''
  if (url === '/headers') return void response.end(JSON.stringify(request.headers))
  if (url === '/greeting') return void response.end('hello')
  if (url === '/broken')
    return void response.writeHead(500, { 'content-type': 'application/json' }).end('{"why":"no"}')
  if (url === '/third') return void response.writeHead(++thirds < 3 ? 503 : 200).end()
  if (url.startsWith('/named/')) return void response.end(url)
})
const sockets = new WebSocketServer({ server, path: '/ws' })
sockets.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    const { count = 0, drop = false } = JSON.parse(data.toString()) as { count?: number; drop?: boolean }
    for (let n = 1; n <= count; n += 1) socket.send(JSON.stringify({ n }))
    if (drop) socket.terminate()
  })
})

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const closed = createServer().listen(0, '127.0.0.1')
  await once(closed, 'listening')
  const nobody = `postgres://ada:hunter2secret@127.0.0.1:${(closed.address() as AddressInfo).port}/chat`
  await new Promise((resolve) => closed.close(resolve))
  session = await hostOver('powers', {
    provide: {
      entry: { service: 'app', url: `http://127.0.0.1:${port}` },
      addresses: { database: { direct: nobody, throughLink: nobody } },
      secrets: ['hunter2secret'],
    },
  })
  await session.run()
})

afterAll(async () => {
  await session?.[Symbol.asyncDispose]()
  for (const socket of sockets.clients) socket.terminate()
  server.closeAllConnections()
  server.close()
})

const only = (title: string) => {
  const attempts = attemptsOf(session.told, title)
  expect(attempts).toHaveLength(1)
  return attempts[0]!
}

test('set-up runs before the body, and its requests belong to the attempt', () => {
  const attempt = only('sees what set-up did')
  expect(attempt).toMatchObject({ outcome: 'passed', errors: [] })
  expect(attempt.exchanges).toMatchObject([
    { operation: 'GET /greeting', target: 'app', outcome: 'ok', code: '200' },
  ])
})

test('an error answer is an exchange and a signal', () => {
  const attempt = only('meets an error answer')
  expect(attempt.exchanges.at(-1)).toMatchObject({
    operation: 'POST /broken',
    outcome: 'failed',
    code: '500',
  })
  expect(attempt.signals).toMatchObject([{ kind: 'http-status', code: '500', phase: 'act' }])
})

test('patience is recorded try by try', () => {
  const attempt = only('is patient with what passes')
  expect(attempt).toMatchObject({
    outcome: 'passed',
    patient: [{ operation: 'the third try', outcome: 'ok' }],
  })
  expect(attempt.patient[0]?.tries.map(({ failure }) => failure?.includes('503'))).toEqual([
    true,
    true,
    undefined,
  ])
})

test('a request’s own limit is told as the test’s own', () => {
  const attempt = only('sets a limit that is too short')
  expect(attempt).toMatchObject({ outcome: 'failed', ownTimeoutMs: 40, signals: [{ family: 'no-answer' }] })
  expect(attempt.exchanges.at(-1)).toMatchObject({ operation: 'GET /silent', outcome: 'aborted' })
})

test('a request that the test’s own end cut off is aborted, not failed', () => {
  const attempt = only('overruns in the middle of a request')
  expect(attempt).toMatchObject({
    outcome: 'failed',
    ownTimeoutMs: 200,
    signals: [{ stableCode: 'VT.TIMEOUT' }],
  })
  expect(attempt.exchanges.at(-1)).toMatchObject({ operation: 'GET /silent', outcome: 'aborted' })
})

test('headers can be given once for many requests', () => {
  expect(only('sends the same headers with every request').errors).toEqual([])
})

test('messages of a WebSocket come one by one, past those that do not fit', () => {
  expect(only('talks over a WebSocket').errors).toEqual([])
})

test('a WebSocket that is cut off is told by its close code', () => {
  const attempt = only('loses its WebSocket')
  expect(attempt.signals).toMatchObject([{ kind: 'ws-close', code: '1006' }])
  expect(attempt.exchanges.at(-1)).toMatchObject({ protocol: 'websocket', outcome: 'failed', code: '1006' })
})

test('a pool that the test itself ended reads as misuse, with no failed exchange', () => {
  const attempt = only('uses a pool after its end')
  expect(attempt.signals[0]).toMatchObject({ family: 'misuse', stableCode: 'PG.POOL_ENDED' })
  expect(attempt.errors[0]?.frame).toBe('test')
})

test('a database that nobody serves is told by its errno, and its password by nobody', () => {
  const attempt = only('meets no database')
  expect(attempt.signals[0]).toMatchObject({ kind: 'errno', code: 'ECONNREFUSED', family: 'peer-gone' })
  expect(attempt.exchanges.at(-1)).toMatchObject({
    protocol: 'postgres',
    target: 'database',
    outcome: 'failed',
  })
  expect(JSON.stringify(session.told.attempts)).not.toContain('hunter2secret')
})

test('fixtures give the same powers', () => {
  const attempt = only('a fixture calls the API')
  expect(attempt).toMatchObject({ outcome: 'passed', exchanges: [{ operation: 'GET /greeting' }] })
  expect(session.told.definitions.find(({ name }) => name === 'a fixture calls the API')?.needs).toEqual({
    app: 'required',
  })
})

test('the requests of concurrent plain tests never mix', () => {
  for (const name of ['a', 'b', 'c']) {
    const attempt = only(`plain fetches stay apart: ${name}`)
    expect(attempt.exchanges.map(({ operation }) => operation)).toEqual([`GET /named/${name}`])
  }
})
