import { createRequire } from 'node:module'
import type pg from 'pg'
import { FaultlineError } from '#core'
import { observePg } from '#evidence'
import type { TestInit } from '../infrastructure-aware-test.ts'
import type { Power } from './power.ts'

/** Which database, and by which way. */
export interface DatabaseOptions {
  /** A service name; `database` by default. */
  readonly service?: string
  /** `direct` looks past every fault; `throughLink` goes where faults act. */
  readonly connection?: 'direct' | 'throughLink'
}

/** Loads pg when a test first asks for a database: few files do, and the property of a test can't wait for an import. */
const load = createRequire(import.meta.url)

/** How long a query waits for a connection. A sick database fails the query and doesn't hang the test. */
const connectLimitMs = 5000

/**
 * The power to query PostgreSQL: `t.db`, a `pg.Pool` that is closed after the test. A test that ends it itself and
 * queries on gets pg's own error.
 */
export function database(options: DatabaseOptions = {}): Power<'db', pg.Pool> {
  return { name: 'db', create: (init) => createPool(init, options) }
}

/** {@link database} by the direct connection. */
export const db: Power<'db', pg.Pool> = database()

/** A pool for one test. Throws `FL5002` when the run was told of no such service. */
export function createPool(
  { scope }: TestInit,
  { service = 'database', connection = 'direct' }: DatabaseOptions = {},
): pg.Pool {
  const address = scope.settings.addresses[service]
  if (!address)
    throw new FaultlineError(
      'FL5002',
      `this test queries ${service}, and the run was told of no such service`,
      {
        remedy: `give the environment a service named ${service}, or name another in database({ service })`,
      },
    )
  const { Pool } = load('pg') as typeof pg
  const pool = new Pool({
    connectionString: address[connection],
    max: 4,
    connectionTimeoutMillis: connectLimitMs,
    application_name: `faultline test ${process.pid}`,
  })
  // An idle client that breaks is told here; the next query finds out by itself.
  pool.on('error', () => {})
  scope.cleanup.defer(async () => {
    if (!pool.ended) await pool.end()
  })
  return observePg(pool, (exchange) => scope.noteExchange(exchange), { target: service })
}
