import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** One process, told from a later one with the same pid by when it started. */
export interface ProcessId {
  readonly pid: number
  /** When it started, in the system's own notation: only good for comparing. */
  readonly startedAt: string
}

export interface ProcessRow extends ProcessId {
  readonly parent: number
  /** The first letter of the state as ps(1) shows it: `T` is frozen, `Z` has ended and waits for its parent. */
  readonly state: string
}

const hasProc = process.platform === 'linux'

/** The process with this pid, or undefined when there is none. One that has ended and waits for its parent is none. */
export function readProcess(pid: number): ProcessRow | undefined {
  if (!hasProc) return listProcesses().find((row) => row.pid === pid)
  const stat = readText(`/proc/${pid}/stat`)
  if (stat === undefined) return undefined
  // The name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const state = fields[0] ?? ''
  if (state === 'Z' || state === 'X') return undefined
  return { pid, startedAt: fields[19] ?? '', parent: Number(fields[1]), state }
}

/** Every process that this user can see. */
export function listProcesses(): ProcessRow[] {
  if (!hasProc) return listByPs()
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((row) => row !== undefined)
}

function listByPs(): ProcessRow[] {
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' })
  return text.split('\n').flatMap((line) => {
    const [pid, parent, state = '', ...startedAt] = line.trim().split(/\s+/)
    if (!pid || state.startsWith('Z')) return []
    return [
      { pid: Number(pid), parent: Number(parent), state: state.slice(0, 1), startedAt: startedAt.join(' ') },
    ]
  })
}

/** Whether this very process still runs. */
export function isRunning(id: ProcessId): boolean {
  return readProcess(id.pid)?.startedAt === id.startedAt
}

/** Whether the process was started with this variable; false where the system doesn't tell. */
export function hasVariable(pid: number, assignment: string): boolean {
  return readText(`/proc/${pid}/environ`)?.split('\0').includes(assignment) ?? false
}

/** Whether the process works inside a folder; false where the system doesn't tell. */
export function worksIn(pid: number, folder: string): boolean {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)}/`.startsWith(`${folder}/`)
  } catch {
    return false
  }
}

/** The rows among `all` that descend from `roots`, the roots themselves included. */
export function withDescendants(all: readonly ProcessRow[], roots: ReadonlySet<number>): ProcessRow[] {
  const found = new Set(roots)
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const row of all) if (found.has(row.parent)) found.add(row.pid)
  }
  return all.filter((row) => found.has(row.pid))
}

/** Sends a signal to this very process; one that is gone is fine. */
export function signalProcess(id: ProcessId, signal: NodeJS.Signals): void {
  if (!isRunning(id)) return
  try {
    process.kill(id.pid, signal)
  } catch {
    // It ended between the look and the signal.
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
