import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { declareConfiguration } from '../../fixtures/backend/configuration.ts'
import { DatabaseManager } from '../../fixtures/backend/database/manager.ts'
import { backgroundLimits, poolLimits, requestLimits } from '../../fixtures/backend/database/timeouts.ts'
import { Relay, Stack, TestPostgres, until } from './backend-stack.ts'

const busyMachineMs = 1_000

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

describe('the database manager', () => {
  let database: DatabaseManager
  let relay: Relay
  let troubles: string[]
  let name: string
  beforeEach(async () => {
    name = await postgres.createDatabase()
    relay = await Relay.start(postgres.port)
    troubles = []
    database = new DatabaseManager(
      postgres.url(name, relay.port),
      'test',
      backgroundLimits.staging.connectMs,
      pino({ level: 'silent' }),
      { onTrouble: (trouble) => troubles.push(trouble) },
    )
    await database.query('CREATE TABLE words (word text)')
  })
  afterEach(async () => {
    await database.end()
    await relay[Symbol.asyncDispose]()
  })

  /** What a statement fails with, and how long that takes. */
  async function failure(
    text = 'SELECT 1',
  ): Promise<{ kind: string; mayBeDone: boolean; durationMs: number }> {
    const startedAt = performance.now()
    const error = await database.query(text).then(
      () => expect.fail('it worked'),
      (reason: unknown) => reason as { kind: string; mayBeDone: boolean },
    )
    return { kind: error.kind, mayBeDone: error.mayBeDone, durationMs: performance.now() - startedAt }
  }

  test('notices a connection that died while it lay idle before a statement is sent over it', async () => {
    await Promise.all([1, 2, 3].map(() => database.query('SELECT pg_sleep(0.05)')))
    await new Promise((resolve) => setTimeout(resolve, poolLimits.pingAfterIdleMs + 50))
    // Old connections stay silent for ever, new ones pass: what an idle timer on the way does.
    relay.mode = 'silent'
    relay.mode = 'pass'
    expect(await database.query(`INSERT INTO words VALUES ('kept') RETURNING word`)).toEqual([
      { word: 'kept' },
    ])
    expect(troubles).toEqual([])
  })

  test('tells a pool in full use from a server that is away', async () => {
    const borrowed = await Promise.all(Array.from({ length: poolLimits.size }, () => database.acquire()))
    expect(await failure()).toMatchObject({ kind: 'pool-busy', mayBeDone: false })
    expect(troubles).toEqual([])
    // The reserve still has a connection for checks.
    expect(await database.ping(1_000)).toEqual({ readOnly: false })
    for (const client of borrowed) client.release()
    relay.mode = 'down'
    expect(await failure()).toMatchObject({ kind: 'unreachable' })
    expect(troubles).toEqual(['away'])
  })

  test('lets nobody wait for a connect that may take 600 s, and connects as soon as the way is free', async () => {
    relay.mode = 'down'
    await failure()
    relay.mode = 'silent'
    const waits = await Promise.all(Array.from({ length: poolLimits.size + 5 }, () => failure()))
    for (const { kind, mayBeDone, durationMs } of waits) {
      expect({ kind, mayBeDone }).toEqual({ kind: 'silent', mayBeDone: false })
      expect(durationMs).toBeLessThan(requestLimits.acquireMs + busyMachineMs)
    }
    relay.mode = 'pass'
    await until(
      () =>
        database.query('SELECT 1').then(
          () => true,
          () => undefined,
        ),
      5_000,
    )
    expect(database.use.inUse).toBeLessThanOrEqual(poolLimits.size)
  })

  test('says of a statement that was on its way that it may have been done', async () => {
    const failed = failure(`INSERT INTO words SELECT 'perhaps' FROM pg_sleep(0.2)`)
    await until(async () => {
      const rows = await postgres.run(
        name,
        `SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'INSERT%'`,
      )
      return rows.length > 0 || undefined
    })
    relay.mode = 'down'
    expect(await failed).toMatchObject({ kind: 'unreachable', mayBeDone: true })
  })

  test('ends a statement that takes too long, and keeps its connection', async () => {
    const slow = await failure('SELECT pg_sleep(5)')
    expect(slow).toMatchObject({ kind: 'slow-statement', mayBeDone: false })
    expect(slow.durationMs).toBeLessThan(requestLimits.statementMs + busyMachineMs)
    expect(await database.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    expect(troubles).toEqual([])
  })

  test('raises a critical alert when one connect in five fails', async () => {
    relay.mode = 'down'
    for (let index = 0; index < 10; index += 1) await failure()
    expect(database.connects.alerts).toContainEqual(
      expect.objectContaining({ reason: 'failed-connects', severity: 'critical' }),
    )
  })

  test('notices that a read-only server takes writes again', async () => {
    await postgres.run('postgres', `ALTER DATABASE ${name} SET default_transaction_read_only = on`)
    relay.mode = 'down'
    relay.mode = 'pass'
    expect(await database.ping(1_000)).toEqual({ readOnly: true })
    expect(await failure(`INSERT INTO words VALUES ('no')`)).toMatchObject({ kind: 'read-only' })
    expect(troubles.at(-1)).toBe('read-only')
    await postgres.run('postgres', `ALTER DATABASE ${name} RESET default_transaction_read_only`)
    await until(async () => ((await database.ping(1_000)).readOnly ? undefined : true), 5_000)
    await until(
      () =>
        database.query(`INSERT INTO words VALUES ('yes')`).then(
          () => true,
          () => undefined,
        ),
      5_000,
    )
  })
})

describe('the configuration of a running process', () => {
  const read = async (stack: Stack) => (await fetch(`${stack.app.url}/health/configuration`)).json()

  test('is what is declared, and names no address', async () => {
    await using stack = await Stack.start(postgres)
    const configuration = await read(stack)
    expect(configuration).toEqual(declareConfiguration('test'))
    expect(JSON.stringify(configuration)).not.toMatch(/127\.0\.0\.1|postgres/)
  })

  test('shows a limit that isn’t the declared one', async () => {
    await using stack = await Stack.start(postgres, { defects: 'wrong-timeouts' })
    expect(await read(stack)).not.toEqual(declareConfiguration('test'))
  })
})
