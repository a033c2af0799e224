import { once } from 'node:events'
import net from 'node:net'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { waitFor } from '#core'
import { createProber, type Observation, type ProbeTarget } from '#probe'
import * as postgres from './probe-postgres-server.ts'
import { proxyStage } from './proxy-before.ts'

const maxConnections = 5
const never = new AbortController().signal

let servers: postgres.PostgresServers
let port: number

beforeAll(async () => {
  servers = new postgres.PostgresServers()
  port = await servers.start([`max_connections=${maxConnections}`, 'superuser_reserved_connections=0'])
})

afterAll(() => servers[Symbol.asyncDispose]())

function targetFor(address: string, more: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    target: 'database',
    link: 'app/database',
    vantage: 'app-side',
    protocol: 'postgres',
    address,
    timeoutMs: 10_000,
    slowMs: 9_000,
    ...more,
  }
}

function addressOf(more: { password?: string; database?: string; port?: number } = {}): string {
  const { password = postgres.password, database = 'postgres' } = more
  return `postgres://${postgres.user}:${password}@127.0.0.1:${more.port ?? port}/${database}`
}

async function lookAt(address: string, more: Partial<ProbeTarget> = {}): Promise<Observation> {
  await using prober = createProber(targetFor(address, more))
  return await prober.look('new', never)
}

/** A session of the test's own; the server gives a slot back a moment after its session has ended. */
async function connectAdmin(address = addressOf()) {
  const client = await waitFor(
    async () => {
      const candidate = new Client(address)
      candidate.on('error', () => {})
      return candidate.connect().then(
        () => candidate,
        () => false as const,
      )
    },
    { limitMs: 10_000 },
  )
  return {
    query: (text: string) => client.query(text),
    [Symbol.asyncDispose]: () => client.end(),
  }
}

const byProbe = `application_name = 'faultline-probe'`

/** Resolves when the server has no session of a probe any more; it notices an end a moment later. */
async function noProbeLeft(admin: { query(text: string): Promise<{ rows: unknown[] }> }): Promise<void> {
  const left = `SELECT 1 FROM pg_stat_activity WHERE ${byProbe}`
  await waitFor(async () => (await admin.query(left)).rows.length === 0, { limitMs: 10_000 })
}

test('a query that is answered is ok, with its phases', async () => {
  const seen = await lookAt(addressOf())
  expect(seen).toMatchObject({ target: 'database', link: 'app/database', outcome: 'ok', connection: 'new' })
  expect(seen.phases.connectMs).toBeGreaterThan(0)
  expect(seen.phases.firstByteMs).toBeGreaterThan(0)
})

test('a wrong password is auth, and is not in the observation', async () => {
  const seen = await lookAt(addressOf({ password: 'not-the-password' }))
  expect(seen).toMatchObject({ outcome: 'auth', code: '28P01' })
  expect(JSON.stringify(seen)).not.toContain('not-the-password')
})

test('a database that does not exist is misconfigured', async () => {
  expect(await lookAt(addressOf({ database: 'nowhere' }))).toMatchObject({
    outcome: 'misconfigured',
    code: '3D000',
  })
})

test('a server without a free connection is unwell', async () => {
  await using admin = await connectAdmin()
  await noProbeLeft(admin)
  const holders: AsyncDisposable[] = []
  while (holders.length < maxConnections - 1) holders.push(await connectAdmin())
  const seen = await lookAt(addressOf())
  for (const holder of holders) await holder[Symbol.asyncDispose]()
  expect(seen).toMatchObject({ outcome: 'unwell', code: '53300' })
})

test('a kept session is used again', async () => {
  await using prober = createProber(targetFor(addressOf()))
  await prober.look('kept', never)
  const seen = await prober.look('kept', never)
  expect(seen).toMatchObject({ connection: 'kept', outcome: 'ok' })
  expect(seen.phases.connectMs).toBeUndefined()
})

test('a kept session serves thousands of looks', async () => {
  await using prober = createProber(targetFor(addressOf()))
  await prober.look('kept', never)
  const seen = new Set<string>()
  for (let n = 0; n < 4000; n += 1) {
    const { connection, outcome } = await prober.look('kept', never)
    seen.add(`${connection} ${outcome}`)
  }
  expect([...seen]).toEqual(['kept ok'])
})

test('a peer that never stops talking is misconfigured', async () => {
  const block = Buffer.alloc(64 * 1024, 'S')
  const talker = net.createServer((socket) => {
    const talk = () => {
      while (socket.writable && socket.write(block));
    }
    socket.on('error', () => {}).on('drain', talk)
    talk()
  })
  talker.listen(0, '127.0.0.1')
  await once(talker, 'listening')
  const seen = await lookAt(addressOf({ port: (talker.address() as net.AddressInfo).port }))
  talker.close()
  expect(seen.outcome).toBe('misconfigured')
})

test('a kept session that an administrator ends is unwell with its SQLSTATE, then it is opened again', async () => {
  await using admin = await connectAdmin()
  await using prober = createProber(targetFor(addressOf()))
  await prober.look('kept', never)
  await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${byProbe}`)
  await noProbeLeft(admin)
  expect(await prober.look('kept', never)).toMatchObject({
    connection: 'kept',
    outcome: 'unwell',
    code: '57P01',
  })
  expect((await prober.look('kept', never)).outcome).toBe('ok')
})

test('looks leave no session behind', async () => {
  await using admin = await connectAdmin()
  const prober = createProber(targetFor(addressOf()))
  await prober.look('new', never)
  await prober.look('kept', never)
  await prober[Symbol.asyncDispose]()
  await noProbeLeft(admin)
})

test('a server in recovery is unwell, unless the address accepts a standby', async () => {
  const address = addressOf({ port: await servers.start(['hot_standby=on'], true) })
  expect(await lookAt(address)).toMatchObject({ outcome: 'unwell', code: '25006' })
  expect((await lookAt(`${address}?target_session_attrs=any`)).outcome).toBe('ok')
})

test('a port that accepts and stays silent is no-answer within the limit', async () => {
  const sockets = new Set<net.Socket>()
  const silent = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).resume()
    socket.once('close', () => sockets.delete(socket))
  })
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const seen = await lookAt(addressOf({ port: (silent.address() as net.AddressInfo).port }), {
    timeoutMs: 200,
  })
  await waitFor(() => sockets.size === 0, { limitMs: 5000 })
  silent.close()
  expect(seen).toMatchObject({
    outcome: 'no-answer',
    detail: 'connected, then no byte of an answer within 200 ms',
  })
})

test('a port that hangs up is cut', async () => {
  const hasty = net.createServer((socket) => socket.on('error', () => {}).end())
  hasty.listen(0, '127.0.0.1')
  await once(hasty, 'listening')
  const seen = await lookAt(addressOf({ port: (hasty.address() as net.AddressInfo).port }))
  hasty.close()
  expect(seen.outcome).toBe('cut')
})

test('a closed port is refused', async () => {
  expect(await lookAt(addressOf({ port: await postgres.freePort() }))).toMatchObject({
    outcome: 'refused',
    code: 'ECONNREFUSED',
  })
})

test('a name that does not exist is name-gone', async () => {
  expect((await lookAt('postgres://ada:lovelace@no-such-name.invalid/postgres')).outcome).toBe('name-gone')
})

test('a server that is set to read only is unwell; a role that is set so by itself says nothing of the server', async () => {
  await using admin = await connectAdmin()
  await admin.query(`ALTER ROLE ${postgres.user} SET default_transaction_read_only = on`)
  try {
    expect((await lookAt(addressOf())).outcome).toBe('ok')
    await admin.query('SET default_transaction_read_only = off')
    await admin.query(`ALTER ROLE ${postgres.user} RESET default_transaction_read_only`)
    await admin.query('ALTER SYSTEM SET default_transaction_read_only = on')
    await admin.query('SELECT pg_reload_conf()')
    await waitFor(async () => (await lookAt(addressOf())).code === '25006', { limitMs: 10_000 })
    expect(await lookAt(addressOf())).toMatchObject({ outcome: 'unwell', code: '25006' })
  } finally {
    await admin.query('SET default_transaction_read_only = off')
    await admin.query('ALTER SYSTEM RESET default_transaction_read_only')
    await admin.query('SELECT pg_reload_conf()')
  }
})

test('a session that the way makes read only is unwell; one that its own address makes so is not', async () => {
  const reads = encodeURIComponent('-c default_transaction_read_only=on')
  expect((await lookAt(`${addressOf()}?options=${reads}`)).outcome).toBe('ok')
  await using stage = await proxyStage(port)
  await stage.toxic('postgres_read_only', {}, 'upstream')
  expect(await lookAt(addressOf({ port: stage.port }))).toMatchObject({ outcome: 'unwell', code: '25006' })
})

test('a kept session carries a large payload now and then, and has the server count its sessions', async () => {
  await using admin = await connectAdmin()
  await noProbeLeft(admin)
  await using prober = createProber(targetFor(addressOf()))
  const seen: Observation[] = []
  for (let look = 0; look < 8; look += 1) seen.push(await prober.look('kept', never))
  expect(seen.map(({ outcome }) => outcome)).toEqual(Array(8).fill('ok'))
  expect(seen.flatMap(({ bytes }) => bytes ?? [])).toEqual([32_768, 32_768])
  const { sessions } = seen.findLast((look) => look.sessions)!
  expect(sessions).toMatchObject({ others: 0, slots: maxConnections })
  expect(sessions!.sessions).toBeGreaterThanOrEqual(2)
})

test('the server’s count says who asked it last and since when, and leaves Faultline’s own sessions out', async () => {
  await using app = await connectAdmin(`${addressOf()}?application_name=app`)
  await app.query('SELECT 1')
  const asked = performance.now()
  const { link: _, ...pastLinks } = targetFor(addressOf())
  await using prober = createProber({ ...pastLinks, vantage: 'runner' })
  await prober.look('kept', never)
  const { sessions } = await prober.look('kept', never)
  const { rows } = await app.query('SELECT pg_backend_pid() AS pid')
  expect(sessions?.users).toEqual([
    {
      name: 'app',
      sessions: 1,
      youngestMs: expect.any(Number),
      last: { session: rows[0].pid, ageMs: expect.any(Number), queryMs: expect.any(Number) },
    },
  ])
  const { youngestMs, last } = sessions!.users![0]!
  expect(last.ageMs).toBe(youngestMs)
  expect(last.queryMs).toBeLessThan(last.ageMs)
  expect(last.queryMs - sessions!.tookMs!).toBeLessThanOrEqual(performance.now() - asked)
})

test('a role that may not see others’ sessions is told of none, and is well', async () => {
  await using admin = await connectAdmin()
  await using app = await connectAdmin(`${addressOf()}?application_name=app`)
  await app.query('SELECT 1')
  await admin.query("CREATE ROLE watcher LOGIN PASSWORD 'sees-little'")
  const { link: _, ...pastLinks } = targetFor(`postgres://watcher:sees-little@127.0.0.1:${port}/postgres`)
  await using prober = createProber({ ...pastLinks, vantage: 'runner' })
  await prober.look('kept', never)
  const { outcome, sessions } = await prober.look('kept', never)
  expect({ outcome, users: sessions?.users }).toEqual({ outcome: 'ok', users: [] })
})

test('a path that passes small messages only fails the large looks', async () => {
  const stage = net.createServer((client) => {
    const upstream = net.connect(port, '127.0.0.1')
    let stalled = false
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      stalled ||= chunk.length > 2_048
      if (!stalled) client.write(chunk)
    })
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('close', () => upstream.destroy())
  })
  await once(stage.listen(0, '127.0.0.1'), 'listening')
  const over = addressOf({ port: (stage.address() as net.AddressInfo).port })
  const seen: Observation[] = []
  {
    await using prober = createProber(targetFor(over, { timeoutMs: 1_000 }))
    for (let look = 0; look < 4; look += 1) seen.push(await prober.look('kept', never))
  }
  stage.close()
  expect(seen.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'no-answer'])
  expect(seen.at(-1)?.bytes).toBe(32_768)
})
