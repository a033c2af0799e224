import { getEventListeners, once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { waitFor } from '#core'
import { createProber } from './prober.ts'
import { listenTcp, targetAt } from './servers.test-data.ts'

const never = new AbortController().signal

/** Answers HTTP requests and counts connections and requests. */
async function listenHttp(keepAliveMs = 60_000, body = 'fine') {
  const counts = { connections: 0, requests: 0 }
  const server = http.createServer({ keepAliveTimeout: keepAliveMs }, (_request, response) => {
    counts.requests += 1
    response.end(body)
  })
  server.on('connection', () => {
    counts.connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const open = () =>
    new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count)))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    counts,
    server,
    open,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test('kept looks share one connection, and only an answer over a kept one says so', async () => {
  await using server = await listenHttp()
  await using prober = createProber(targetAt('http', server.url))
  const kinds = []
  for (let n = 0; n < 3; n += 1) kinds.push((await prober.look('kept', never)).connection)
  expect(kinds).toEqual(['new', 'kept', 'kept'])
  expect(server.counts).toEqual({ connections: 1, requests: 3 })
})

test('each new look has a connection of its own, which goes with it', async () => {
  await using server = await listenHttp()
  await using prober = createProber(targetAt('http', server.url))
  await prober.look('new', never)
  await prober.look('new', never)
  expect(server.counts.connections).toBe(2)
  await waitFor(async () => (await server.open()) === 0, { limitMs: 5000 })
})

test('a kept connection that is cut between looks is the finding of the next one, then it is opened again', async () => {
  await using server = await listenHttp()
  await using prober = createProber(targetAt('http', server.url))
  await prober.look('kept', never)
  server.server.closeAllConnections()
  await waitFor(async () => (await server.open()) === 0, { limitMs: 5000 })
  const outcomes = []
  for (let n = 0; n < 3; n += 1) {
    const { outcome, connection } = await prober.look('kept', never)
    outcomes.push(`${outcome} ${connection}`)
  }
  expect(outcomes).toEqual(['cut kept', 'ok new', 'ok kept'])
})

test('a kept connection that the server may close is opened again without a word', async () => {
  await using server = await listenHttp(1)
  await using prober = createProber(targetAt('http', server.url))
  await prober.look('kept', never)
  await waitFor(async () => (await server.open()) === 0, { limitMs: 10_000 })
  expect(await prober.look('kept', never)).toMatchObject({ outcome: 'ok', connection: 'new' })
})

test('a connection that is given up for a large body is no finding of the next look', async () => {
  await using server = await listenHttp(60_000, 'x'.repeat(200_000))
  await using prober = createProber(targetAt('http', server.url))
  const outcomes = []
  for (let n = 0; n < 3; n += 1) outcomes.push((await prober.look('kept', never)).outcome)
  expect(outcomes).toEqual(['ok', 'ok', 'ok'])
})

test('looks leave no socket, timer or listener behind', async () => {
  const { signal } = new AbortController()
  const resources = () =>
    process.getActiveResourcesInfo().filter((name) => name === 'Timeout' || name.startsWith('TCP')).length
  await using silent = await listenTcp((socket) => socket.resume())
  await using hasty = await listenTcp((socket) => socket.resetAndDestroy())
  await using server = await listenHttp()
  const before = resources()
  for (const address of [server.url, `http://127.0.0.1:${hasty.port}`, `http://127.0.0.1:${silent.port}`]) {
    await using prober = createProber(targetAt('http', address, { timeoutMs: 100 }))
    for (let n = 0; n < 5; n += 1)
      await Promise.all([prober.look('new', signal), prober.look('kept', signal)])
  }
  await waitFor(() => resources() <= before, { limitMs: 5000 })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('a look that its caller gives up rejects with the reason, and its socket goes', async () => {
  await using server = await listenTcp((socket) => socket.resume())
  await using prober = createProber(targetAt('http', `http://127.0.0.1:${server.port}`))
  const given = new AbortController()
  const look = prober.look('new', given.signal)
  await waitFor(() => server.sockets.size === 1, { limitMs: 5000 })
  given.abort(new Error('enough'))
  await expect(look).rejects.toThrow('enough')
  await waitFor(() => server.sockets.size === 0, { limitMs: 5000 })
})

test('looks of one kind that overlap are one look', async () => {
  await using server = await listenHttp()
  await using prober = createProber(targetAt('http', server.url))
  const [a, b] = await Promise.all([prober.look('new', never), prober.look('new', never)])
  expect(a).toBe(b)
  expect(server.counts.requests).toBe(1)
})

test('one caller who gives up leaves the look to the others', async () => {
  await using server = await listenHttp()
  await using prober = createProber(targetAt('http', server.url))
  const given = new AbortController()
  const first = prober.look('new', given.signal)
  const second = prober.look('new', never)
  given.abort(new Error('enough'))
  await expect(first).rejects.toThrow('enough')
  expect((await second).outcome).toBe('ok')
})

test('a disposed prober keeps no connection and looks no more', async () => {
  await using server = await listenHttp()
  const prober = createProber(targetAt('http', server.url))
  await prober.look('kept', never)
  await prober[Symbol.asyncDispose]()
  await waitFor(async () => (await server.open()) === 0, { limitMs: 5000 })
  await expect(prober.look('new', never)).rejects.toThrow('disposed')
})

test('the password of an address is in no observation', async () => {
  await using prober = createProber(targetAt('http', 'http://user:s3cret-word@s3cret-word.invalid/'))
  expect(JSON.stringify(await prober.look('new', never))).not.toContain('s3cret-word')
})

test('an address that is not a URL is misconfigured', async () => {
  await using prober = createProber(targetAt('http', 'nonsense'))
  expect(await prober.look('new', never)).toMatchObject({ outcome: 'misconfigured', code: 'ERR_INVALID_URL' })
})
