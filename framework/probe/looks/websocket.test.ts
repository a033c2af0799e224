import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { waitFor } from '#core'
import { createProber } from '../prober.ts'
import { closedPort, listenTcp, targetAt } from '../servers.test-data.ts'

const never = new AbortController().signal

async function listenWebSocket(onClient: (client: WebSocket) => void = () => {}, autoPong = true) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong })
  server.on('connection', onClient)
  await once(server, 'listening')
  return {
    server,
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}

async function lookAt(url: string, timeoutMs = 5000) {
  await using prober = createProber(targetAt('websocket', url, { timeoutMs }))
  return await prober.look('new', never)
}

async function lookAtUpgrade(answer: string) {
  await using server = await listenTcp((socket) => socket.once('data', () => socket.write(answer)))
  return await lookAt(`ws://127.0.0.1:${server.port}`)
}

test('a ping that is answered is ok, with its round trip', async () => {
  await using server = await listenWebSocket()
  const seen = await lookAt(server.url)
  expect(seen.outcome).toBe('ok')
  expect(seen.phases.firstByteMs).toBeGreaterThan(0)
  await waitFor(() => server.server.clients.size === 0, { limitMs: 5000 })
})

test('a kept connection is pinged again', async () => {
  await using server = await listenWebSocket()
  await using prober = createProber(targetAt('websocket', server.url))
  await prober.look('kept', never)
  expect(await prober.look('kept', never)).toMatchObject({ connection: 'kept', outcome: 'ok' })
  expect(server.server.clients.size).toBe(1)
})

test('a kept connection that is closed with a code is the finding of the next look', async () => {
  await using server = await listenWebSocket()
  await using prober = createProber(targetAt('websocket', server.url))
  await prober.look('kept', never)
  for (const client of server.server.clients) client.close(1012, 'restarting')
  await waitFor(() => server.server.clients.size === 0, { limitMs: 5000 })
  expect(await prober.look('kept', never)).toMatchObject({
    connection: 'kept',
    outcome: 'unwell',
    code: '1012',
    detail: 'closed with 1012: restarting',
  })
})

test('an upgrade without an answer to the ping is no-answer', async () => {
  await using server = await listenWebSocket(() => {}, false)
  expect((await lookAt(server.url, 200)).outcome).toBe('no-answer')
})

test('a pong that answers another ping is no answer', async () => {
  await using server = await listenWebSocket((client) => client.on('ping', () => client.pong('other')), false)
  expect((await lookAt(server.url, 200)).outcome).toBe('no-answer')
})

test('a connection that is cut after the upgrade is cut', async () => {
  await using server = await listenWebSocket((client) => client.terminate())
  expect((await lookAt(server.url)).outcome).toBe('cut')
})

test('accept, then silence is no-answer, and the socket goes', async () => {
  await using server = await listenTcp((socket) => socket.resume())
  expect((await lookAt(`ws://127.0.0.1:${server.port}`, 200)).outcome).toBe('no-answer')
  await waitFor(() => server.sockets.size === 0, { limitMs: 5000 })
})

test('a hang-up on accept is cut', async () => {
  await using server = await listenTcp((socket) => socket.end())
  expect((await lookAt(`ws://127.0.0.1:${server.port}`)).outcome).toBe('cut')
})

test('a closed port is refused', async () => {
  expect((await lookAt(`ws://127.0.0.1:${await closedPort()}`)).outcome).toBe('refused')
})

test.each([
  [401, 'auth'],
  [404, 'misconfigured'],
  [502, 'unwell'],
])('an upgrade that is answered with %i is %s', async (status, outcome) => {
  const seen = await lookAtUpgrade(
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nContent-Length: 0\r\n\r\n`,
  )
  expect(seen).toMatchObject({ outcome, code: String(status) })
})

test('a message of 1 MB is not taken', async () => {
  await using server = await listenWebSocket((client) => client.send(Buffer.alloc(1024 * 1024)), false)
  expect((await lookAt(server.url)).outcome).toBe('misconfigured')
})
