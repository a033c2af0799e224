import { strict as assert } from 'node:assert'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { Client, DatabaseError, Pool } from 'pg'
import { expect, test } from 'vitest'
import { WebSocketServer, WebSocket as WsSocket } from 'ws'
import { signalsOfError } from './error.ts'
import { firstCause } from './order.ts'

/** Runs `use` against a TCP server that treats each connection so, and gives what was thrown. */
async function against(
  treat: (socket: Socket) => void,
  use: (port: number) => Promise<unknown>,
): Promise<unknown> {
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    treat(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await use((server.address() as AddressInfo).port).then(
      () => assert.fail('nothing was thrown'),
      (error: unknown) => error,
    )
  } finally {
    for (const socket of open) socket.destroy()
    server.close()
  }
}

const byFetch = (port: number) => fetch(`http://127.0.0.1:${port}/`).then((response) => response.text())
const byHttp = (port: number) =>
  new Promise((resolve, reject) => get({ host: '127.0.0.1', port }, resolve).on('error', reject))
const onRequest = (treat: (socket: Socket) => void) => (socket: Socket) =>
  socket.once('data', () => treat(socket))

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const thrownBy = (use: () => Promise<unknown>) =>
  use().then(
    () => undefined,
    (error: unknown) => error,
  )

test('fetch to a closed port: the cause is the refusal, with its endpoint, and the wrapper a consequence', async () => {
  const port = await closedPort()
  const signals = signalsOfError(await thrownBy(() => byFetch(port)))
  expect(signals).toMatchObject([
    {
      kind: 'errno',
      code: 'ECONNREFUSED',
      stableCode: 'NET.CONN_REFUSED',
      family: 'peer-gone',
      host: '127.0.0.1',
      port,
    },
    { stableCode: 'FETCH.WRAP', consequence: true },
  ])
})

test('fetch to both addresses of localhost: each refusal, and no fact without an endpoint', async () => {
  const port = await closedPort()
  const signals = signalsOfError(await thrownBy(() => fetch(`http://localhost:${port}/`)))
  const refusals = signals.filter((signal) => signal.stableCode === 'NET.CONN_REFUSED')
  expect(refusals.length).toBeGreaterThan(0)
  for (const refusal of refusals) expect(refusal.port).toBe(port)
})

test('closed after the request without a byte: the peer is gone, by fetch and by node:http', async () => {
  const fin = onRequest((socket) => socket.end())
  expect(firstCause(signalsOfError(await against(fin, byFetch)))).toMatchObject({
    code: 'UND_ERR_SOCKET',
    family: 'peer-gone',
    host: '127.0.0.1',
  })
  expect(firstCause(signalsOfError(await against(fin, byHttp)))).toMatchObject({
    code: 'ECONNRESET',
    family: 'peer-gone',
  })
})

test('reset after the request: the peer is gone', async () => {
  const reset = onRequest((socket) => socket.resetAndDestroy())
  expect(firstCause(signalsOfError(await against(reset, byFetch)))).toMatchObject({
    code: 'ECONNRESET',
    family: 'peer-gone',
  })
})

test('a body shorter than announced is cut short', async () => {
  const cut = onRequest((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc'))
  expect(firstCause(signalsOfError(await against(cut, byFetch)))).toMatchObject({
    code: 'UND_ERR_SOCKET',
    family: 'cut-short',
  })
})

test('bytes that are not HTTP come from somebody who answered', async () => {
  const chatter = onRequest((socket) => socket.end('hello, this is not HTTP\r\n\r\n'))
  expect(firstCause(signalsOfError(await against(chatter, byFetch)))).toMatchObject({
    stableCode: 'FETCH.PARSER',
    family: 'answered-error',
  })
})

test('TLS to a port that does not speak it is a matter of trust', async () => {
  const plain = onRequest((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  const error = await against(plain, (port) => fetch(`https://127.0.0.1:${port}/`))
  expect(firstCause(signalsOfError(error))).toMatchObject({ stableCode: 'TLS.PROTOCOL', family: 'trust' })
})

test('the caller’s own time limit is a timeout, and the 23 of its DOMException no code', async () => {
  const error = await against(
    () => undefined,
    (port) => fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(20) }),
  )
  const signals = signalsOfError(error)
  expect(signals).toMatchObject([{ kind: 'timeout', stableCode: 'FETCH.TIMEOUT', family: 'no-answer' }])
  expect(signals[0]!.code).toBe('TimeoutError')
})

test('an abort without a reason is the caller’s', () => {
  expect(signalsOfError(AbortSignal.abort().reason)).toMatchObject([{ stableCode: 'FETCH.ABORTED' }])
})

test('an unknown name is gone', async () => {
  const error = await thrownBy(() => lookup('faultline.invalid'))
  const first = firstCause(signalsOfError(error))
  expect(first).toMatchObject({ kind: 'errno', family: 'name-gone', host: 'faultline.invalid' })
})

test('a relative address is the caller’s mistake', async () => {
  expect(firstCause(signalsOfError(await thrownBy(() => fetch('/nowhere'))))).toMatchObject({
    code: 'ERR_INVALID_URL',
    family: 'misuse',
  })
})

test('a file that is missing is read by its errno', async () => {
  const error = await thrownBy(async () => readFileSync('/nowhere/at/all'))
  expect(firstCause(signalsOfError(error))).toMatchObject({ code: 'ENOENT', stableCode: 'HOST.ENOENT' })
})

test('a PostgreSQL error is read by its state, and a state that no table lists by its class', () => {
  const made = (code: string) =>
    Object.assign(new DatabaseError('the words vary', 14, 'error'), { code, severity: 'FATAL' })
  expect(signalsOfError(made('57P01'))).toMatchObject([
    { kind: 'sqlstate', code: '57P01', stableCode: 'PG.57P01', family: 'cut-short' },
  ])
  expect(signalsOfError(made('22012'))).toMatchObject([
    { kind: 'sqlstate', code: '22012', stableCode: 'PG.22' },
  ])
})

test('the failure of an earlier statement comes before the aborted transaction', () => {
  const first = Object.assign(new Error('duplicate key value'), { code: '23505', severity: 'ERROR' })
  const second = Object.assign(new Error('current transaction is aborted'), {
    code: '25P02',
    severity: 'ERROR',
  })
  const signals = signalsOfError(new AggregateError([first, second], 'the batch failed'))
  expect(signals.map(({ code, consequence }) => [code, consequence])).toEqual([
    ['23505', undefined],
    ['25P02', true],
  ])
})

test('pg against a server that hangs up says that the connection was terminated', async () => {
  const error = await against(
    onRequest((socket) => socket.end()),
    (port) => new Client({ host: '127.0.0.1', port, user: 'a', database: 'a' }).connect(),
  )
  expect(firstCause(signalsOfError(error))).toMatchObject({
    stableCode: 'PG.CLIENT_TERMINATED',
    family: 'cut-short',
  })
})

test('pg against a silent server says that its limit was met', async () => {
  const error = await against(
    () => undefined,
    (port) =>
      new Client({
        host: '127.0.0.1',
        port,
        user: 'a',
        database: 'a',
        connectionTimeoutMillis: 30,
      }).connect(),
  )
  expect(firstCause(signalsOfError(error))).toMatchObject({
    stableCode: 'PG.CLIENT_TIMEOUT',
    family: 'no-answer',
  })
})

test('the connection that a pool ends when its limit is met follows from the limit', async () => {
  const settings = { host: '127.0.0.1', user: 'a', database: 'a', connectionTimeoutMillis: 30 }
  const error = await against(
    () => undefined,
    (port) => new Pool({ ...settings, port }).connect(),
  )
  const signals = signalsOfError(error)
  expect(firstCause(signals)).toMatchObject({ stableCode: 'PG.CLIENT_TIMEOUT', family: 'no-answer' })
  expect(signals.find(({ stableCode }) => stableCode === 'PG.CLIENT_TERMINATED')?.consequence).toBe(true)
})

test('a refused upgrade is the status that the server gave', async () => {
  const refuse = onRequest((socket) =>
    socket.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n'),
  )
  const error = await against(
    refuse,
    (port) =>
      new Promise((resolve, reject) =>
        new WsSocket(`ws://127.0.0.1:${port}`).on('open', resolve).on('error', reject),
      ),
  )
  expect(signalsOfError(error)).toMatchObject([
    { kind: 'http-status', code: '503', family: 'answered-error' },
  ])
})

test('a message larger than the receiver allows carries its close code', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  server.on('connection', (socket) => socket.send('x'.repeat(100)))
  const socket = new WsSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { maxPayload: 10 })
  const [error] = await once(socket, 'error')
  for (const each of server.clients) each.terminate()
  server.close()
  expect(signalsOfError(error)).toMatchObject([
    { code: 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', stableCode: 'WS.1009' },
    { kind: 'ws-close', code: '1009' },
  ])
})

test('a close event is read by its code', () => {
  expect(signalsOfError({ type: 'close', code: 1006, reason: '', wasClean: false })).toMatchObject([
    { kind: 'ws-close', code: '1006', stableCode: 'WS.1006', family: 'cut-short' },
  ])
})

test('sending on a socket that is not open is a consequence', async () => {
  const socket = new WsSocket('ws://127.0.0.1:1')
  socket.on('error', () => undefined)
  const error = await thrownBy(async () => socket.send('too early'))
  socket.terminate()
  expect(signalsOfError(error)).toMatchObject([{ stableCode: 'WS.NOT_OPEN', consequence: true }])
})

test('an HTTP status on an error counts, on the error or on its response', () => {
  expect(signalsOfError(Object.assign(new Error('x'), { statusCode: 502 }))).toMatchObject([{ code: '502' }])
  expect(signalsOfError(Object.assign(new Error('x'), { response: { status: 429 } }))).toMatchObject([
    { code: '429' },
  ])
})

test('an assertion is one, whatever codes its values mention', async () => {
  const thrown = await thrownBy(async () => expect({ error: 'timeout' }).toEqual({ error: 'ECONNREFUSED' }))
  expect(firstCause(signalsOfError(thrown))).toMatchObject({ kind: 'assertion', family: 'wrong-value' })
})

test('an assertion on an error names that error first', async () => {
  const failure = Object.assign(new Error('write failed'), { code: 'ENOSPC' })
  const thrown = await thrownBy(async () => assert.ifError(failure))
  expect(signalsOfError(thrown)).toMatchObject([{ code: 'ENOSPC' }, { kind: 'assertion' }])
})

test('a hostile error is read as far as it lets', () => {
  const hostile = new Proxy(new Error('hidden'), {
    get(_, key) {
      if (key === 'message') return 'connect ECONNREFUSED 127.0.0.1:5432'
      throw new Error('no')
    },
    has: () => {
      throw new Error('no')
    },
    getPrototypeOf: () => {
      throw new Error('no')
    },
  })
  expect(signalsOfError(hostile)).toMatchObject([{ code: 'ECONNREFUSED', host: '127.0.0.1', port: 5432 }])
})

test('causes that go round or never end are bounded', () => {
  const round: { cause?: unknown; code: string } = { code: 'EPIPE' }
  round.cause = round
  expect(signalsOfError(round)).toHaveLength(1)
  const endless = (): object => ({
    code: 'EPIPE',
    get cause() {
      return endless()
    },
  })
  expect(signalsOfError(endless())).toHaveLength(1)
})

test('a message of 100 MB is read at its beginning and end', () => {
  const signals = signalsOfError(
    new Error(`connect ECONNREFUSED 127.0.0.1:1\n${'x'.repeat(1e8)}\nread ECONNRESET`),
  )
  expect(signals.map((signal) => signal.code)).toEqual(['ECONNREFUSED', 'ECONNRESET'])
  for (const signal of signals) expect(signal.match.length).toBeLessThanOrEqual(200)
})

test('what is no error has no signals', () => {
  for (const value of [undefined, null, 7, true, Symbol('x'), () => 1, {}, []])
    expect(signalsOfError(value)).toEqual([])
})
