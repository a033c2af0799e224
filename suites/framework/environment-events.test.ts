import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { now, secret, waitFor } from '#core'
import type { PlatformEvent } from '#environment'
import type { Topology } from '#topology'
import { type EventSource, readEvents } from '../../framework/environment/events/source.ts'

const topology: Topology = {
  entry: 'app',
  services: {
    app: { name: 'app', owner: 'sut', protocol: 'http', uses: { database: 'required' }, egress: 'net' },
    database: { name: 'database', owner: 'platform', protocol: 'postgres', uses: {}, egress: 'net' },
  },
}

const line = (fields: object) => `${JSON.stringify({ at: now(), service: 'database', ...fields })}\n`
const printing = (text: string, then = ''): EventSource => ({
  command: [process.execPath, '-e', `process.stdout.write(${JSON.stringify(text)});${then}`],
})

function follow(source: EventSource) {
  const events: PlatformEvent[] = []
  const troubles: string[] = []
  const pids: number[] = []
  const ending = new AbortController()
  const done = readEvents(source, {
    ...{ topology, environment: process.env, signal: ending.signal, pauseMs: 50 },
    onSpawn: (pid) => pids.push(pid),
    onEvent: (event) => events.push(event),
    onTrouble: (reason) => troubles.push(reason),
  })
  const until = (held: () => boolean) => waitFor(held, { limitMs: 10_000 })
  return {
    ...{ events, troubles, pids, until },
    async [Symbol.asyncDispose]() {
      ending.abort()
      await done
    },
  }
}

test('a command’s events are read, and a new start is a new incarnation', async () => {
  const text = line({ kind: 'running' }) + line({ kind: 'failover', until: now() + 1_000 })
  await using followed = follow(printing(text))
  await followed.until(() => followed.events.length >= 3)
  expect(followed.events.map(({ event, incarnation }) => [event, incarnation])).toEqual([
    ['running', 1],
    ['stopped', 1],
    ['started', 2],
  ])
})

test('a command that ends is asked again, and what it repeats counts once', async () => {
  await using followed = follow(printing(line({ kind: 'maintenance' })))
  await followed.until(() => followed.pids.length >= 3)
  expect(followed.events).toHaveLength(1)
})

test('a command that goes on is ended with the run', async () => {
  const followed = follow(printing(line({ kind: 'running' }), 'setInterval(() => {}, 1000)'))
  await followed.until(() => followed.events.length === 1)
  await followed[Symbol.asyncDispose]()
  await followed.until(() => {
    try {
      return !process.kill(followed.pids[0]!, 0)
    } catch {
      return true
    }
  })
})

test('a command that fails is said, and is no exception', async () => {
  await using followed = follow({ command: [process.execPath, '-e', 'process.exit(3)'] })
  await followed.until(() => followed.troubles.length > 0)
  expect(followed.troubles[0]).toContain('exit code 3')
})

test('a command that isn’t there is said', async () => {
  await using followed = follow({ command: ['/no/such/program'] })
  await followed.until(() => followed.troubles.length > 0)
  expect(followed.troubles[0]).toContain('ENOENT')
})

test('what can’t be read is said, and what follows it is read', async () => {
  await using followed = follow(printing(`nonsense\n${line({ kind: 'exited', code: 1 })}`))
  await followed.until(() => followed.events.length === 1)
  expect(followed.troubles).toEqual(['a line is not a JSON object'])
})

test('a line without an end is given up', async () => {
  await using followed = follow(printing('x'.repeat(40_000)))
  await followed.until(() => followed.troubles.length > 0)
  expect(followed.troubles[0]).toContain('longer than')
})

test('a URL’s events are read while it goes on, with its headers; an error of it is said without them', async () => {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== 'Bearer of-events') response.writeHead(401).end()
    else response.write(line({ kind: 'unavailable' }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    await using followed = follow({ url, headers: { authorization: secret('Bearer of-events') } })
    await followed.until(() => followed.events.length === 1)
    expect(followed.events[0]).toMatchObject({ service: 'database', event: 'stopped' })
    await using refused = follow({ url, headers: { authorization: secret('Bearer wrong') } })
    await refused.until(() => refused.troubles.length > 0)
    expect(refused.troubles[0]).toContain('401')
    expect(refused.troubles.join()).not.toContain('wrong')
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
