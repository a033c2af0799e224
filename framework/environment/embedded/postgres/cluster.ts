import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Secret } from '#core'
import { cached } from '../../cache.ts'
import { runCommand, type UserId } from '../../run-command.ts'
import type { PostgresBinaries } from './binaries.ts'

export const databaseUser = 'faultline'
export const databaseName = 'app'

/** Bump when the template is made in another way. */
const templateFormat = 1

/**
 * Makes a fresh database cluster in `folder` (created; its parent must be reachable for `user`), with the
 * superuser `faultline`, its password and the empty database `app`. The work of initdb is done once per version.
 */
export async function makeCluster(options: {
  binaries: PostgresBinaries
  cache: string
  folder: string
  password: Secret
  user: UserId | undefined
  signal: AbortSignal
}): Promise<void> {
  const { binaries, folder, user, signal } = options
  const template = await cached(options.cache, `cluster-${binaries.version}-${templateFormat}`, (draft) =>
    makeTemplate(draft, { ...options, scratch: dirname(folder) }),
  )
  await mkdir(folder, { mode: 0o700 })
  if (user) await chown(folder, user.uid, user.gid)
  await runCommand('cp', ['-R', `${template}/.`, folder], { user, signal })
  await chmod(folder, 0o700)
  const setPassword = `ALTER ROLE ${databaseUser} PASSWORD '${options.password.reveal()}';`
  await runCommand(binaries.postgres, ['--single', '-F', '-D', folder, databaseName], {
    user,
    signal,
    input: setPassword,
  })
}

/** Fills `draft` with a cluster that everybody may read: it holds no password. */
async function makeTemplate(
  draft: string,
  options: { binaries: PostgresBinaries; scratch: string; user: UserId | undefined; signal: AbortSignal },
): Promise<void> {
  const { binaries, user, signal } = options
  const data = await mkdtemp(join(options.scratch, 'template-'))
  try {
    if (user) await chown(data, user.uid, user.gid)
    await runCommand(binaries.initdb, ['-D', data, ...initdbFlags], { user, signal })
    const rename = `ALTER DATABASE postgres RENAME TO ${databaseName};`
    await runCommand(binaries.postgres, ['--single', '-F', '-D', data, 'template1'], {
      user,
      signal,
      input: rename,
    })
    await runCommand('cp', ['-R', `${data}/.`, draft], { signal })
    await writeFile(join(draft, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n')
    await runCommand('chmod', ['-R', 'a+rX', draft], { signal })
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

const initdbFlags = [
  `--username=${databaseUser}`,
  // Without a password there is nothing else to say here; the rules are written below.
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--no-sync',
  '--no-instructions',
  // Small and quick to copy: a test's database needs neither checksums nor much log.
  '--no-data-checksums',
  '--wal-segsize=1',
]
