import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { waitFor } from '#core'
import type { HealthStatus, Snapshot } from '#health'
import type { NewRecord } from '#journal'
import { askReadiness, type ReadinessOptions } from './readiness.ts'

/** An entry whose readiness is asked for, while its database looks as `becomes` says; `covers` null: it declares none. */
async function watched(first: number, covers: readonly string[] | null = ['database']) {
  let status = first
  let asked = 0
  const server = createServer((_request, response) => {
    asked += 1
    response.writeHead(status).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const written: NewRecord[] = []
  let snapshot: Snapshot = { at: 0, targets: [] }
  let changed = () => {}
  const asking = askReadiness({
    environment: {
      connections: { entry: `http://127.0.0.1:${port}` },
      topology: {
        entry: 'app',
        services: { app: { name: 'app', ...(covers && { readiness: { path: '/ready', covers } }) } },
      },
    },
    watch: {
      monitor: { snapshot: () => snapshot },
      onHealthChange: (listener: () => void) => {
        changed = listener
      },
    },
    journal: { append: (record: NewRecord) => void written.push(record) },
    signal: new AbortController().signal,
  } as unknown as ReadinessOptions)
  return {
    asking,
    written,
    asked: () => asked,
    answers(next: number) {
      status = next
    },
    becomes(database: HealthStatus) {
      snapshot = {
        at: 0,
        targets: [{ target: 'database', vantage: 'app-side', status: database, since: 0 }],
      }
      changed()
    },
    async [Symbol.asyncDispose]() {
      await asking[Symbol.asyncDispose]()
      server.close()
    },
  }
}

test('while a service is down that readiness covers, the entry is asked, and what it says is written down', async () => {
  await using entry = await watched(503)
  entry.becomes('unavailable')
  await waitFor(() => entry.written.length >= 2, { limitMs: 10_000 })
  expect(entry.written[0]).toMatchObject({ kind: 'readiness', data: { status: 503 } })
})

test('an entry is asked until it says for the first time that it is ready', async () => {
  await using entry = await watched(503)
  await waitFor(() => entry.written.length >= 2, { limitMs: 10_000 })
  entry.answers(200)
  await entry.asking.saidReady
  expect(entry.written.at(-1)).toMatchObject({ kind: 'readiness', data: { status: 200 } })
})

test('an entry without a readiness is asked nothing, and nobody waits for it', async () => {
  await using entry = await watched(200, null)
  await entry.asking.saidReady
  entry.becomes('unavailable')
  await entry[Symbol.asyncDispose]()
  expect(entry.asked()).toBe(0)
})

test('an entry that can be used is asked no more', async () => {
  await using entry = await watched(200)
  await entry.asking.saidReady
  entry.becomes('healthy')
  entry.becomes('unavailable')
  await waitFor(() => entry.written.length >= 2, { limitMs: 10_000 })
  entry.becomes('healthy')
  const before = entry.asked()
  await entry[Symbol.asyncDispose]()
  expect(entry.asked() - before).toBeLessThanOrEqual(1)
})

test('a service that readiness doesn’t cover is no reason to ask', async () => {
  await using entry = await watched(200, ['cache'])
  await entry.asking.saidReady
  entry.becomes('unavailable')
  await entry[Symbol.asyncDispose]()
  expect(entry.asked()).toBe(1)
})

test.each([
  [200, true],
  [503, false],
])('an entry that keeps answering %d contradicts the outage: %s', async (status, contradicts) => {
  await using entry = await watched(status)
  entry.becomes('unavailable')
  expect(entry.asking.contradicts('database')).toBe(false)
  await waitFor(() => entry.written.length >= 4, { limitMs: 10_000 })
  expect(entry.asking.contradicts('database')).toBe(contradicts)
  expect(entry.asking.contradicts('cache')).toBe(false)
})
