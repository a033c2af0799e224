import type { DatabaseSync } from 'node:sqlite'

/** Written into the file's header, so that nobody else's database is taken for a history: "FLHI". */
const applicationId = 0x464c4849
const version = 1

const tables = `
  CREATE TABLE runs (id TEXT PRIMARY KEY, at REAL NOT NULL, environment TEXT NOT NULL, decision TEXT NOT NULL) STRICT;
  CREATE TABLE tests (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, test TEXT NOT NULL,
    attempts INTEGER NOT NULL, passed INTEGER NOT NULL, duration REAL, PRIMARY KEY (run, test)
  ) STRICT;
  CREATE INDEX tests_by_test ON tests (test);
  CREATE TABLE failures (
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE, test TEXT NOT NULL, n INTEGER NOT NULL,
    fingerprint TEXT NOT NULL, class TEXT NOT NULL, PRIMARY KEY (run, test, n)
  ) STRICT;
  CREATE INDEX failures_by_fingerprint ON failures (fingerprint);
  CREATE TABLE corrections (
    run TEXT NOT NULL, test TEXT NOT NULL, class TEXT NOT NULL, why TEXT NOT NULL, said TEXT,
    at REAL NOT NULL, journal BLOB NOT NULL, PRIMARY KEY (run, test)
  ) STRICT;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${version};
`

/**
 * Makes a new file a history, and leaves a history as it is; two runs may do so at once. Gives what is wrong with a file
 * that is something else, which isn't touched.
 */
export function prepare(database: DatabaseSync): string | undefined {
  const problem = problemOf(database)
  if (problem) return problem
  database.exec('PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON')
  // Who only reads waits for no writer; of two who write the first, one finds the tables there.
  if (isEmpty(database))
    inTransaction(database, () => {
      if (isEmpty(database)) database.exec(tables)
    })
  return undefined
}

/** Does all of the work, or nothing of it. */
export function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    work()
    database.exec('COMMIT')
  } catch (error) {
    // SQLite itself may have rolled it back: of a full disk, say.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function problemOf(database: DatabaseSync): string | undefined {
  if (isEmpty(database)) return undefined
  if (pragma(database, 'application_id') !== applicationId) return 'it is a database of somebody else'
  const found = pragma(database, 'user_version')
  return found === version ? undefined : `its version is ${found}, and this Faultline knows ${version}`
}

function isEmpty(database: DatabaseSync): boolean {
  return database.prepare('SELECT count(*) AS count FROM sqlite_schema').get()?.['count'] === 0
}

function pragma(database: DatabaseSync, name: string): unknown {
  return database.prepare(`PRAGMA ${name}`).get()?.[name]
}
