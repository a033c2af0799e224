/** What a gate leaves on a machine while it runs, read from /proc, without asking the gate. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** One process, told from a later one with the same pid by when it started. */
export interface SeenProcess {
  readonly pid: number
  readonly startedAt: string
  readonly command: string
  readonly environment: readonly string[]
  /** The sockets that it has open, by inode. */
  sockets(): string[]
}

/** Every process that was started with this folder for its temporary files, or works in it. */
export function processesOf(temporary: string): SeenProcess[] {
  return allProcesses().filter(
    ({ pid, environment }) =>
      environment.includes(`TMPDIR=${temporary}`) || workingFolder(pid).startsWith(`${temporary}/`),
  )
}

/** Every process that was started with this variable. */
export function carriersOf(variable: string): SeenProcess[] {
  return allProcesses().filter(({ environment }) => environment.includes(variable))
}

export function isRunning({ pid, startedAt }: SeenProcess): boolean {
  return startOf(pid) === startedAt
}

/** Sends a signal to this very process; gives whether it was there. */
export function kill(one: SeenProcess, signal: NodeJS.Signals): boolean {
  try {
    return isRunning(one) && process.kill(one.pid, signal)
  } catch {
    // It ended between the look and the signal.
    return false
  }
}

/** The inodes of all sockets that listen for TCP. */
export function listeningSockets(): Set<string> {
  const rows = ['tcp', 'tcp6'].flatMap((table) => (read(`/proc/net/${table}`) ?? '').split('\n').slice(1))
  const fields = rows.map((row) => row.trim().split(/\s+/))
  return new Set(fields.flatMap(([, , , state, , , , , , inode]) => (state === '0A' && inode ? [inode] : [])))
}

/** The processes that made the shared memory there is. */
export function sharedMemoryMakers(): Set<number> {
  const rows = (read('/proc/sysvipc/shm') ?? '').split('\n').slice(1)
  return new Set(rows.map((row) => Number(row.trim().split(/\s+/)[4])))
}

function allProcesses(): SeenProcess[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name)
    const startedAt = Number.isInteger(pid) ? startOf(pid) : undefined
    if (startedAt === undefined) return []
    const command = (read(`/proc/${pid}/cmdline`) ?? '').split('\0').join(' ').trim()
    const environment = (read(`/proc/${pid}/environ`) ?? '').split('\0')
    return [{ pid, startedAt, command, environment, sockets: () => socketsOf(pid) }]
  })
}

/** When the process started, in the kernel's own notation; undefined when it has ended, also when nobody waited for it yet. */
function startOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
}

function socketsOf(pid: number): string[] {
  return linksIn(`/proc/${pid}/fd`).flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? [])
}

/** Where the links in a folder lead to; none when it is gone. */
export function linksIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) => link(`${folder}/${name}`) ?? [])
  } catch {
    return []
  }
}

function workingFolder(pid: number): string {
  return link(`/proc/${pid}/cwd`) ?? ''
}

function link(file: string): string | undefined {
  try {
    return readlinkSync(file)
  } catch {
    return undefined
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
