import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { now } from '#core'
import { Refused, runOperation } from './operation.ts'

async function serve(answer: Parameters<typeof createServer>[1]): Promise<{ url: string } & AsyncDisposable> {
  const server: Server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const run = async (url: string, limitMs = 5000) => {
  const request = {
    id: 1,
    name: 'post',
    startedAt: now(),
    limitMs,
    write: undefined,
    signal: AbortSignal.timeout(9000),
  }
  const { operation } = await runOperation(request, async ({ accepted, signal }) => {
    const response = await fetch(url, { method: 'POST', body: 'x', signal })
    const text = await response.text()
    accepted({ status: response.status, headers: response.headers, text, json: () => JSON.parse(text) })
  })
  return operation
}

test('an answer of 2xx is ok', async () => {
  await using server = await serve((_request, response) => response.writeHead(201).end())
  expect(await run(server.url)).toMatchObject({ outcome: 'ok' })
})

test('a refusal is failed: the caller knows', async () => {
  await using server = await serve((_request, response) => response.writeHead(503).end('busy'))
  expect(await run(server.url)).toMatchObject({ outcome: 'failed', detail: '503' })
})

test('a port where nobody listens is failed: nothing was sent', async () => {
  const server = await serve(undefined)
  await server[Symbol.asyncDispose]()
  expect(await run(server.url)).toMatchObject({ outcome: 'failed', detail: 'ECONNREFUSED' })
})

test('a connection that is reset after the request was sent is unknown', async () => {
  await using server = await serve((request) => {
    request.resume().on('end', () => request.socket.resetAndDestroy())
  })
  expect(await run(server.url)).toMatchObject({ outcome: 'unknown', detail: 'ECONNRESET' })
})

test('a connection that is closed after the request was sent is unknown', async () => {
  await using server = await serve((request) => {
    request.resume().on('end', () => request.socket.destroy())
  })
  expect(await run(server.url)).toMatchObject({ outcome: 'unknown', detail: 'UND_ERR_SOCKET' })
})

test('an answer that breaks off is unknown', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(201, { 'content-length': '10' })
    response.write('half', () => response.destroy())
  })
  expect(await run(server.url)).toMatchObject({ outcome: 'unknown' })
})

test('a time limit that passes is unknown', async () => {
  await using server = await serve(() => {})
  expect(await run(server.url, 50)).toMatchObject({ outcome: 'unknown', detail: 'DEADLINE_EXCEEDED' })
})

test('a wrong answer is failed, in the words of the journey', async () => {
  const request = {
    id: 1,
    name: 'ask',
    startedAt: now(),
    limitMs: 1000,
    write: undefined,
    signal: AbortSignal.timeout(9000),
  }
  const { operation } = await runOperation(request, () => Promise.reject(new Error('expected 42, got 41')))
  expect(operation).toMatchObject({ outcome: 'failed', detail: 'expected 42, got 41' })
})

test('what an operation notes is kept also when it fails', async () => {
  const write = { key: 'a', value: '1' }
  const request = {
    id: 1,
    name: 'ask',
    startedAt: now(),
    limitMs: 1000,
    write,
    signal: AbortSignal.timeout(9000),
  }
  const { operation, value } = await runOperation(request, async ({ degraded, read }) => {
    degraded('cached')
    read('a', ['0'])
    throw new Refused(503, '')
  })
  expect(operation).toMatchObject({ degraded: 'cached', write, read: { key: 'a', values: ['0'] } })
  expect(value).toBeUndefined()
})
