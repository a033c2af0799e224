import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isRunning, type ProcessId, readProcess } from '../keeper/process-table.ts'
import { removeSharedMemory } from '../keeper/shared-memory.ts'

const prefix = 'faultline-'
const markName = 'owner.json'

/** What marks a folder as a run's: removed by a later run once neither of these processes is there any more. */
interface OwnerMark {
  readonly boot: string
  readonly owner: ProcessId
  readonly keeper: ProcessId
}

/** A path for the run's private folder, which must not outlive it; real, new, and not made yet. */
export async function chooseRunFolder(): Promise<string> {
  const [parent = tmpdir()] = await temporaryFolders()
  return join(parent, `${prefix}${randomUUID()}`)
}

/**
 * Makes the chosen folder. By then the keeper must know of it, so that an owner killed at any moment leaves none.
 * Others may pass through it, not list it: PostgreSQL may run as another user, and has its data inside.
 */
export async function makeRunFolder(folder: string, keeper: ProcessId): Promise<void> {
  await mkdir(folder)
  await chmod(folder, 0o711)
  const owner = readProcess(process.pid) ?? { pid: process.pid, startedAt: '' }
  const mark: OwnerMark = {
    boot: await bootId(),
    owner: { pid: owner.pid, startedAt: owner.startedAt },
    keeper: { pid: keeper.pid, startedAt: keeper.startedAt },
  }
  await writeFile(join(folder, markName), JSON.stringify(mark), { mode: 0o600 })
}

/** Removes the folders of this user's runs whose owner and keeper are both gone; gives their paths. */
export async function removeLeftovers(): Promise<string[]> {
  const removed = await Promise.all(
    (await temporaryFolders()).map(async (parent) => {
      const names = (await readdir(parent)).filter((name) => name.startsWith(prefix))
      return Promise.all(names.map((name) => removeIfLeft(join(parent, name))))
    }),
  )
  return removed.flat().filter((path) => path !== undefined)
}

/**
 * Where run folders may be, the best first. As root only those that every user can pass into: a root's own
 * TMPDIR is often closed to others, and PostgreSQL runs as one of them.
 */
async function temporaryFolders(): Promise<string[]> {
  const own = await realpath(tmpdir())
  if (process.getuid?.() !== 0) return [own]
  const open = await Promise.all(
    [...new Set([own, '/tmp', '/var/tmp'])].map(async (path) => ((await isOpenToAll(path)) ? [path] : [])),
  )
  return open.flat()
}

async function isOpenToAll(path: string): Promise<boolean> {
  try {
    for (let folder = path; ; folder = dirname(folder)) {
      if (((await stat(folder)).mode & 0o001) === 0) return false
      if (folder === dirname(folder)) return true
    }
  } catch {
    return false
  }
}

async function removeIfLeft(folder: string): Promise<string | undefined> {
  try {
    if ((await stat(folder)).uid !== process.getuid?.()) return undefined
    const mark = JSON.parse(await readFile(join(folder, markName), 'utf8')) as OwnerMark
    const sameBoot = mark.boot === (await bootId())
    if (sameBoot && (isRunning(mark.owner) || isRunning(mark.keeper))) return undefined
    await removeSharedMemory(folder)
    await rm(folder, { recursive: true, force: true })
    return folder
  } catch {
    // No mark, or not one of ours, or somebody else removes it right now: not ours to touch.
    return undefined
  }
}

/** Names the boot: pids and start times begin anew with every one. Empty where the system doesn't tell. */
export async function bootId(): Promise<string> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  } catch {
    return ''
  }
}
