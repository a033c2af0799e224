import { join } from 'node:path'
import { FaultlineError } from '#core'
import type { UserId } from '../run-command.ts'
import type { ProcessSpec } from './child.ts'
import { findBinaries, type PostgresBinaries } from './postgres/binaries.ts'
import { makeCluster } from './postgres/cluster.ts'
import { serverCommand, untilServing } from './postgres/server.ts'
import { postgresUser } from './postgres/user.ts'
import { logFile, type Site, timed } from './site.ts'

/** A database cluster that is made and not yet served. */
export interface PreparedDatabase {
  readonly name: string
  readonly folder: string
  readonly binaries: PostgresBinaries
  readonly user: UserId | undefined
}

/** Makes a cluster for every PostgreSQL of the definition. */
export async function prepareDatabases(site: Site): Promise<PreparedDatabase[]> {
  const names = Object.entries(site.definition.services).filter(([, service]) => service.kind === 'postgres')
  if (names.length === 0) return []
  const user = await postgresUser()
  const binaries = await findBinaries({
    from: site.options.root,
    cache: site.cache,
    user,
    signal: site.signal,
  })
  return Promise.all(
    names.map(async ([name]) => {
      const folder = join(site.folder, name)
      await timed(site.options.journal, `make ${name}`, () =>
        makeCluster({ ...site, binaries, folder, user }),
      )
      return { name, folder, binaries, user }
    }),
  )
}

/** Starts a prepared database and waits until it serves. Throws FL2001 when it doesn't in time. */
export async function serveDatabase(
  site: Site,
  database: PreparedDatabase,
  port: number,
  start: (spec: ProcessSpec) => void,
): Promise<void> {
  const spec = serverSpec(site, database, port)
  site.signal.throwIfAborted()
  start(spec)
  try {
    await timed(site.options.journal, `start ${database.name}`, () =>
      untilServing(port, { limitMs: 30_000, signal: site.signal }),
    )
  } catch (cause) {
    site.signal.throwIfAborted()
    throw new FaultlineError('FL2001', `the database "${database.name}" did not come up`, {
      cause,
      remedy: `Read its log: ${spec.logFile}`,
    })
  }
}

function serverSpec(site: Site, database: PreparedDatabase, port: number): ProcessSpec {
  return {
    role: database.name,
    command: serverCommand(database.binaries, database.folder, port),
    cwd: database.folder,
    environment: { LC_ALL: 'C', TZ: 'UTC' },
    logFile: logFile(site.options, database.name),
    user: database.user,
    // A fast shutdown: SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
  }
}
