import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Exchange, firstCause, observePg, signalsOfError, startCapture } from '#evidence'
import { TestPostgres } from './backend-stack.ts'

let server: TestPostgres
let settings: pg.PoolConfig
const noted: Exchange[] = []
const note = (exchange: Exchange) => void noted.push(exchange)

beforeAll(async () => {
  server = await TestPostgres.start()
  settings = { connectionString: server.url(await server.createDatabase()) }
})

beforeEach(() => void noted.splice(0))

afterAll(() => server[Symbol.asyncDispose]())

const thrownBy = (use: () => Promise<unknown>) =>
  use().then(
    () => undefined,
    (error: unknown) => error,
  )

test('each query of a pool is noted once, without its values', async () => {
  const raw = new pg.Pool(settings)
  const pool = observePg(raw, note, { target: 'database' })
  const { rows } = await pool.query('select $1::text as word', ['hush'])
  await raw.end()
  expect(rows).toEqual([{ word: 'hush' }])
  expect(noted).toMatchObject([
    { protocol: 'postgres', operation: 'SELECT', target: 'database', outcome: 'ok' },
  ])
  expect(JSON.stringify(noted)).not.toContain('hush')
})

test('a client that a pool hands out is observed, and released as ever', async () => {
  const raw = new pg.Pool({ ...settings, max: 1 })
  const pool = observePg(raw, note)
  for (const _ of [1, 2]) {
    const client = await pool.connect()
    await client.query('begin')
    await client.query('rollback')
    client.release()
  }
  await raw.end()
  expect(noted.map((exchange) => exchange.operation)).toEqual(['BEGIN', 'ROLLBACK', 'BEGIN', 'ROLLBACK'])
})

test('queries that wait for a pool’s only client belong to the attempts that made them', async () => {
  using capture = startCapture({ targetOf: () => undefined })
  const raw = new pg.Pool({ ...settings, max: 1 })
  const pool = observePg(raw, capture.noteExchange)
  const statements = ['select 1', 'show port', 'values (1)', 'table pg_am']
  await Promise.all(statements.map((statement) => capture.run(statement, () => pool.query(statement))))
  await raw.end()
  const seen = statements.map((statement) => capture.take(statement).map((exchange) => exchange.operation))
  expect(seen).toEqual([['SELECT'], ['SHOW'], ['VALUES'], ['TABLE']])
  expect(capture.takeUnattributed()).toEqual([])
})

test('a callback is called with its result, and noted', async () => {
  const client = new pg.Client(settings)
  await client.connect()
  const observed = observePg(client, note)
  const count = await new Promise((resolve) =>
    observed.query('select 1', (_, result) => resolve(result.rowCount)),
  )
  await client.end()
  expect(count).toBe(1)
  expect(noted).toHaveLength(1)
})

test('a rejected statement is an answer with its SQLSTATE', async () => {
  const client = new pg.Client(settings)
  await client.connect()
  const error = await thrownBy(() => observePg(client, note).query('select * from nothing_here'))
  await client.end()
  expect(noted).toMatchObject([{ outcome: 'ok', code: '42P01', wellFormed: true }])
  expect(firstCause(signalsOfError(error))).toMatchObject({
    kind: 'sqlstate',
    code: '42P01',
    stableCode: 'PG.42P01',
  })
})

test('a session that the server ends is a failure with its SQLSTATE', async () => {
  const client = new pg.Client(settings)
  client.on('error', () => undefined)
  await client.connect()
  const error = await thrownBy(() =>
    observePg(client, note).query('select pg_terminate_backend(pg_backend_pid())'),
  )
  expect(noted).toMatchObject([{ outcome: 'failed', code: '57P01' }])
  expect(firstCause(signalsOfError(error))).toMatchObject({ code: '57P01', family: 'cut-short' })
})

test('a statement behind a failed one is a consequence', async () => {
  const client = new pg.Client(settings)
  await client.connect()
  await client.query('begin')
  const first = await thrownBy(() => client.query('select 1/0'))
  const second = await thrownBy(() => client.query('select 1'))
  await client.end()
  const signals = [...signalsOfError(second), ...signalsOfError(first)]
  expect(firstCause(signals)).toMatchObject({ code: '22012' })
})

test('a database that is not there, and a port where nobody listens, are failed connects', async () => {
  for (const [config, code] of [
    [{ host: '127.0.0.1', port: server.port, user: 'postgres', database: 'absent' }, '3D000'],
    [{ host: '127.0.0.1', port: 1, user: 'postgres', database: 'absent' }, 'ECONNREFUSED'],
  ] as const) {
    noted.splice(0)
    const raw = new pg.Pool(config)
    await thrownBy(() => observePg(raw, note).query('select 1'))
    await raw.end()
    expect(noted).toMatchObject([{ operation: 'SELECT', code }])
  }
})

test('a pool without a free client says that it is exhausted', async () => {
  const raw = new pg.Pool({ ...settings, max: 1, connectionTimeoutMillis: 50 })
  const held = await raw.connect()
  const error = await thrownBy(() => raw.connect())
  held.release()
  await raw.end()
  expect(firstCause(signalsOfError(error))).toMatchObject({
    stableCode: 'PG.POOL_EXHAUSTED',
    family: 'no-answer',
  })
})
