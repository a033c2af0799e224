import { readFile } from 'node:fs/promises'
import { FaultlineError } from '#core'
import type { UserId } from '../../run-command.ts'

/** Never `postgres`: where there is one, it owns the machine's real databases. */
const preferred = ['nobody', 'daemon']

/** The user that runs PostgreSQL: undefined for this one; as root, which PostgreSQL refuses, an unprivileged one. */
export async function postgresUser(): Promise<UserId | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const rows = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'))
  const users = rows
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid, gid }) => uid > 0 && Number.isInteger(gid) && name !== 'postgres')
  const rank = (name: string) => (preferred.includes(name) ? preferred.indexOf(name) : preferred.length)
  const [best] = users.sort((a, b) => rank(a.name) - rank(b.name))
  if (!best)
    throw new FaultlineError(
      'FL2001',
      'PostgreSQL refuses to run as root, and this machine has no other user',
      {
        remedy: 'Run as another user, or add one: useradd --system nobody',
      },
    )
  return { uid: best.uid, gid: best.gid }
}
