import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { waitFor } from '#core'
import { createProber } from '../prober.ts'
import { closedPort, listenTcp, targetAt } from '../servers.test-data.ts'
import type { ProbeTarget } from '../target.ts'

const never = new AbortController().signal

async function lookAt(port: number, more: Partial<ProbeTarget> = {}) {
  await using prober = createProber(targetAt('http', `http://127.0.0.1:${port}`, more))
  return await prober.look('new', never)
}

async function lookAtHttp(handler: http.RequestListener, more: Partial<ProbeTarget> = {}) {
  const server = http.createServer(handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await lookAt((server.address() as AddressInfo).port, more)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Answers every request with these bytes, as they are. */
async function lookAtBytes(answer: (socket: Socket) => void, more: Partial<ProbeTarget> = {}) {
  await using server = await listenTcp((socket) => socket.once('data', () => answer(socket)))
  return await lookAt(server.port, more)
}

test('an answer is ok and has its phases', async () => {
  const seen = await lookAtHttp((_request, response) => response.end('fine'))
  expect(seen).toMatchObject({ target: 'service', vantage: 'runner', connection: 'new', outcome: 'ok' })
  expect(seen.phases.connectMs).toBeGreaterThanOrEqual(0)
  expect(seen.phases.firstByteMs).toBeGreaterThan(0)
  expect(seen.phases.totalMs).toBeGreaterThanOrEqual(seen.phases.firstByteMs!)
})

test('a look at a name measures how long the name took', async () => {
  await using prober = createProber(targetAt('http', `http://localhost:${await closedPort()}`))
  const seen = await prober.look('new', never)
  expect(seen.outcome).toBe('refused')
  expect(seen.phases.dnsMs).toBeGreaterThan(0)
})

test.each([
  [200, 'ok', undefined],
  [302, 'ok', undefined],
  [404, 'ok', undefined],
  [401, 'auth', '401'],
  [403, 'auth', '403'],
  [500, 'unwell', '500'],
  [503, 'unwell', '503'],
])('status %i is %s', async (status, outcome, code) => {
  const seen = await lookAtHttp((_request, response) =>
    response.writeHead(status, { location: '/else' }).end(),
  )
  expect([seen.outcome, seen.code]).toEqual([outcome, code])
})

test('a body that says that a service fails changes nothing', async () => {
  const seen = await lookAtHttp((_request, response) =>
    response.setHeader('content-type', 'application/health+json').end('{"status":"fail"}'),
  )
  expect(seen.outcome).toBe('ok')
})

test('an answer above slowMs is slow', async () => {
  const seen = await lookAtHttp((_request, response) => setTimeout(() => response.end(), 30), { slowMs: 10 })
  expect(seen.outcome).toBe('slow')
})

test('who answered is read from the headers', async () => {
  const seen = await lookAtHttp((_request, response) =>
    response
      .setHeader('x-build-id', 'b7')
      .setHeader('x-instance-id', 'i-1')
      .setHeader('x-started-at', '2026-01-02T03:04:05Z')
      .end(),
  )
  expect(seen.identity).toEqual({
    build: 'b7',
    instance: 'i-1',
    startedAt: Date.parse('2026-01-02T03:04:05Z'),
  })
})

test('who answered is read from a health body where no header says it', async () => {
  const seen = await lookAtHttp((_request, response) =>
    response.setHeader('content-type', 'application/health+json; charset=utf-8').end('{"releaseId":"b8"}'),
  )
  expect(seen.identity).toEqual({ build: 'b8' })
})

test('the path of the address is asked for, and /health/live where it has none', async () => {
  const paths: (string | undefined)[] = []
  const server = http.createServer((request, response) => {
    paths.push(request.url)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const address of [base, `${base}/ready?deep=1`]) {
    await using prober = createProber(targetAt('http', address))
    await prober.look('new', never)
  }
  server.close()
  expect(paths).toEqual(['/health/live', '/ready?deep=1'])
})

test('a closed port is refused', async () => {
  expect(await lookAt(await closedPort())).toMatchObject({ outcome: 'refused', code: 'ECONNREFUSED' })
})

test('a name that does not exist is name-gone', async () => {
  await using prober = createProber(targetAt('http', 'http://no-such-name.invalid'))
  expect((await prober.look('new', never)).outcome).toBe('name-gone')
})

test('accept, then silence is no-answer within the limit, and the socket goes', async () => {
  await using server = await listenTcp((socket) => socket.resume())
  const seen = await lookAt(server.port, { timeoutMs: 100 })
  expect(seen).toMatchObject({
    outcome: 'no-answer',
    detail: 'connected, then no byte of an answer within 100 ms',
  })
  await waitFor(() => server.sockets.size === 0, { limitMs: 5000 })
})

test('a hang-up on accept is cut', async () => {
  await using server = await listenTcp((socket) => socket.end())
  expect(await lookAt(server.port)).toMatchObject({ outcome: 'cut', code: 'ECONNRESET' })
})

test('a reset on accept is cut', async () => {
  await using server = await listenTcp((socket) => socket.resetAndDestroy())
  expect(await lookAt(server.port)).toMatchObject({ outcome: 'cut', code: 'ECONNRESET' })
})

test('a body that ends too early is cut', async () => {
  const seen = await lookAtBytes((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'))
  expect(seen.outcome).toBe('cut')
})

test('an answer that begins and stays unfinished is no-answer', async () => {
  const seen = await lookAtBytes(
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf'),
    {
      timeoutMs: 200,
    },
  )
  expect(seen).toMatchObject({
    outcome: 'no-answer',
    detail: 'an answer began and did not end within 200 ms',
  })
})

test('headers that never end are no-answer', async () => {
  const seen = await lookAtBytes(
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const drip = setInterval(() => socket.write('x: y\r\n'), 20)
      socket.once('close', () => clearInterval(drip))
    },
    { timeoutMs: 200 },
  )
  expect(seen.outcome).toBe('no-answer')
})

test('more headers than fit are misconfigured', async () => {
  const seen = await lookAtBytes((socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n`))
  expect(seen).toMatchObject({ outcome: 'misconfigured', code: 'HPE_HEADER_OVERFLOW' })
})

test('of a body of 100 MB only the beginning is read', async () => {
  let sent = 0
  const block = Buffer.alloc(1024 * 1024)
  const seen = await lookAtHttp((_request, response) => {
    const push = () => {
      for (;;) {
        sent += 1
        if (sent > 100) return response.end()
        if (!response.write(block)) return response.once('drain', push)
      }
    }
    push()
  })
  expect(seen.outcome).toBe('ok')
  expect(sent).toBeLessThan(50)
})

test('bytes that are not HTTP are misconfigured', async () => {
  const seen = await lookAtBytes((socket) => socket.end('SSH-2.0-whatever\r\n'))
  expect(seen).toMatchObject({ outcome: 'misconfigured', code: 'HPE_INVALID_CONSTANT' })
})

test('TLS spoken to a plain port is misconfigured', async () => {
  await using server = await listenTcp((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  )
  await using prober = createProber(targetAt('http', `https://127.0.0.1:${server.port}`))
  expect(await prober.look('new', never)).toMatchObject({
    outcome: 'misconfigured',
    code: expect.stringMatching(/^(ERR_SSL|EPROTO)/),
  })
})
