import { chmod, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning, type ProcessId, readProcess } from '../keeper/process-table.ts'

const prefix = 'faultline-'
const markName = 'owner.json'

/** What marks a folder as a run's: removed by a later run once neither of these processes is there any more. */
interface OwnerMark {
  readonly boot: string
  readonly owner: ProcessId
  readonly keeper?: ProcessId
}

/** Makes the run's private folder for what must not outlive it; real path. Others may pass through, not list it. */
export async function makeRunFolder(): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), prefix))
  // PostgreSQL may run as another user, and has its data inside.
  await chmod(folder, 0o711)
  await markOwner(folder)
  return folder
}

/** Says whose the folder is. With the keeper named too, it is kept while the keeper still cleans up. */
export async function markOwner(folder: string, keeper?: ProcessId): Promise<void> {
  const owner = readProcess(process.pid) ?? { pid: process.pid, startedAt: '' }
  const mark: OwnerMark = {
    boot: await bootId(),
    owner: { pid: owner.pid, startedAt: owner.startedAt },
    ...(keeper && { keeper: { pid: keeper.pid, startedAt: keeper.startedAt } }),
  }
  await writeFile(join(folder, markName), JSON.stringify(mark), { mode: 0o600 })
}

/** Removes the folders of this user's runs whose owner and keeper are both gone; gives their paths. */
export async function removeLeftovers(): Promise<string[]> {
  const parent = await realpath(tmpdir())
  const names = (await readdir(parent)).filter((name) => name.startsWith(prefix))
  const removed = await Promise.all(names.map((name) => removeIfLeft(join(parent, name))))
  return removed.filter((path) => path !== undefined)
}

async function removeIfLeft(folder: string): Promise<string | undefined> {
  try {
    if ((await stat(folder)).uid !== process.getuid?.()) return undefined
    const mark = JSON.parse(await readFile(join(folder, markName), 'utf8')) as OwnerMark
    const sameBoot = mark.boot === (await bootId())
    if (sameBoot && (isRunning(mark.owner) || (mark.keeper && isRunning(mark.keeper)))) return undefined
    await rm(folder, { recursive: true, force: true })
    return folder
  } catch {
    // No mark, or not one of ours, or somebody else removes it right now: not ours to touch.
    return undefined
  }
}

/** Pids and start times begin anew with every boot. */
async function bootId(): Promise<string> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
  } catch {
    return ''
  }
}
