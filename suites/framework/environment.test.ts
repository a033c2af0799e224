import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitFor } from '#core'
import type { PlatformEvent } from '#environment'
import { connectAgent } from '#probe'
import { type Stack, startStack, whoAnswers } from './environment-stack.ts'

let stack: Stack

beforeAll(async () => {
  stack = await startStack()
  await untilAnswers(stack)
})
afterAll(() => stack?.[Symbol.asyncDispose]())

const limit = { limitMs: 15_000 }

function untilAnswers({ environment }: Stack) {
  return waitFor(() => whoAnswers(environment.connections.entry), limit)
}

function direct(service: string): string {
  return stack.environment.connections.direct[service]?.url.reveal() ?? ''
}

async function setEnabled(proxy: string, enabled: boolean): Promise<void> {
  const response = await fetch(`${stack.environment.proxy?.apiUrl}/proxies/${proxy}`, {
    method: 'POST',
    body: JSON.stringify({ enabled }),
  })
  expect(response.status).toBe(200)
}

async function query(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000, query_timeout: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(sql)).rows[0]
  } finally {
    await client.end()
  }
}

/** What was told of a service since `from`, without heartbeats. */
function told(service: string, from: number): PlatformEvent[] {
  return stack.events.slice(from).filter((event) => event.service === service && event.event !== 'running')
}

function untilTold(service: string, from: number, event: PlatformEvent['event']) {
  return waitFor(
    () => stack.events.slice(from).find((one) => one.service === service && one.event === event),
    limit,
  )
}

test('the entry is the same instance over its edge and past every link', async () => {
  const { connections } = stack.environment
  const overEdge = await whoAnswers(connections.entry)
  expect(overEdge).toEqual(await whoAnswers(direct('app')))
  expect(overEdge?.build).toBe('build-1')
})

test('the agent reaches every service over every link behind the application, and the entry past them', async () => {
  const { agent } = stack.environment
  const signal = AbortSignal.timeout(10_000)
  await using client = await connectAgent({ url: agent!.url, token: agent!.token, signal, timeoutMs: 5_000 })
  const looks = await Promise.all(
    client.targets.map(async ({ target, link }) => {
      const name = link === undefined ? { target } : { target, link }
      const { outcome } = await client.look(name, 'new', signal)
      return [link ?? target, outcome]
    }),
  )
  expect(Object.fromEntries(looks)).toEqual({
    app: 'ok',
    'app/analytics': 'ok',
    'app/auth': 'ok',
    'app/database': 'ok',
    'app/model': 'ok',
    'auth/database': 'ok',
  })
})

test('the database is the version asked for and takes only its own password', async () => {
  expect(await query(direct('database'), 'show server_version_num')).toEqual({
    server_version_num: expect.stringMatching(/^18/),
  })
  const wrong = new URL(direct('database'))
  wrong.password = 'guessed'
  await expect(query(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' })
})

test('the application and the agent have a proxy each on one link', async () => {
  const { connections, proxy } = stack.environment
  expect(proxy?.proxiesOf('app/database')).toEqual(['app.database', 'app.database.agent'])
  expect(proxy?.proxiesOf('client/app')).toEqual(['client.app'])
  await setEnabled('app.database', false)
  try {
    const over = connections.links['app/database']!.url.reveal()
    await expect(query(over, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(await query(direct('database'), 'select 1 as one')).toEqual({ one: 1 })
  } finally {
    await setEnabled('app.database', true)
  }
})

test('the control answers though every proxy is down', async () => {
  const { controlUrl } = stack.environment
  await setEnabled('client.app', false)
  try {
    expect(await whoAnswers(stack.environment.connections.entry)).toBeUndefined()
    expect((await fetch(controlUrl!)).status).toBe(204)
  } finally {
    await setEnabled('client.app', true)
  }
})

test('a service that dies is started again at the same address, and its death is its own', async () => {
  const from = stack.events.length
  const before = await whoAnswers(direct('app'))
  const { pid } = stack.environment.processes().find(({ role }) => role === 'app')!
  process.kill(pid, 'SIGKILL')
  const started = await untilTold('app', from, 'started')
  expect(told('app', from)).toMatchObject([
    { event: 'exited', signal: 'SIGKILL', incarnation: started.incarnation - 1 },
    { event: 'started' },
  ])
  const after = await waitFor(() => whoAnswers(direct('app')), limit)
  expect(after.instance).not.toBe(before?.instance)
})

test.for(['stop', 'kill', 'freeze'] as const)(
  'a %s tells no more than that the platform stopped it',
  async (how) => {
    const from = stack.events.length
    {
      await using _hold = await stack.environment.services![how]('model')
      expect(stack.environment.services!.seenStopped('model')).toBe(true)
      expect(await whoAnswers(direct('model'))).toBeUndefined()
      const [event, ...more] = told('model', from)
      expect(more).toEqual([])
      expect(event).toEqual({
        at: expect.any(Number),
        service: 'model',
        event: 'stopped',
        incarnation: expect.any(Number),
      })
    }
    await waitFor(() => whoAnswers(direct('model')), limit)
  },
)

test('a service that two hold is started again when both have let go', async () => {
  const { services } = stack.environment
  const [first, second] = [await services!.stop('analytics'), await services!.kill('analytics')]
  const from = stack.events.length
  await first[Symbol.asyncDispose]()
  await first[Symbol.asyncDispose]()
  await untilTold('model', stack.events.length, 'running')
  await untilTold('model', stack.events.length, 'running')
  expect(told('analytics', from)).toEqual([])
  await second[Symbol.asyncDispose]()
  await untilTold('analytics', from, 'started')
})

test('a frozen database answers nobody, and its connections live on when it goes on', async () => {
  const kept = new Client({ connectionString: direct('database'), query_timeout: 1_000 })
  await kept.connect()
  const hold = await stack.environment.services!.freeze('database')
  const from = stack.events.length
  await expect(query(direct('database'), 'select 1')).rejects.toThrow(/timeout|timed out/i)
  await expect(kept.query('select 1')).rejects.toThrow(/timeout/i)
  expect(stack.events.slice(from).filter(({ service }) => service === 'database')).toEqual([])
  await hold[Symbol.asyncDispose]()
  await waitFor(() => kept.query('select 1').catch(() => undefined), limit)
  await kept.end()
})

test('a stopped database comes back with its data', async () => {
  await query(direct('database'), 'create table lasting (n int)')
  {
    await using _hold = await stack.environment.services!.stop('database')
    await expect(query(direct('database'), 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  }
  await waitFor(async () => {
    const row = await query(direct('database'), 'select count(*)::int as n from lasting').catch(
      () => undefined,
    )
    return row !== undefined
  }, limit)
})

test('an unknown service is refused by name', async () => {
  await expect(stack.environment.services!.stop('cache')).rejects.toMatchObject({ code: 'FL4001' })
})

test('every process keeps a log, and none holds a password', async () => {
  const folder = join(stack.stateDir, 'logs')
  const names = await readdir(folder)
  expect(names.sort()).toEqual(
    ['agent', 'analytics', 'app', 'auth', 'database', 'keeper', 'model', 'proxy'].map(
      (role) => `${role}.log`,
    ),
  )
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const password = new URL(direct('database')).password
  expect(texts.filter((text) => text.includes(password))).toEqual([])
})

test('two environments side by side share nothing, and the end of one leaves the other alone', async () => {
  const other = await startStack()
  await untilAnswers(other)
  const portsOf = ({ environment: { connections } }: Stack) =>
    [...Object.values(connections.direct), ...Object.values(connections.links)].map(
      ({ url }) => new URL(url.reveal()).port,
    )
  const mine = portsOf(stack)
  expect(portsOf(other).filter((port) => mine.includes(port))).toEqual([])
  const before = await whoAnswers(stack.environment.connections.entry)
  await other[Symbol.asyncDispose]()
  expect(await whoAnswers(other.environment.connections.entry)).toBeUndefined()
  expect(await whoAnswers(stack.environment.connections.entry)).toEqual(before)
})
