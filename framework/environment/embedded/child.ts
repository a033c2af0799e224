import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { deadline, type EntryCommand, FaultlineError, messageOf, orAbort } from '#core'
import type { Lease } from '../keeper/lease.ts'
import type { UserId } from '../run-command.ts'

/** How a process ended. `error`: it couldn't even be started. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly error?: string
}

/** What to start, and as whom. */
export interface ProcessSpec {
  /** What the process is in the run: a service's name, `proxy`, `agent`. */
  readonly role: string
  readonly command: EntryCommand
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  /** Gets everything that the process prints, but for what is read as lines. */
  readonly logFile: string
  readonly user?: UserId | undefined
  /** The signal that asks it to end. */
  readonly stopSignal: NodeJS.Signals
}

/** A running child process in a process group of its own, held by the run's lease. */
export interface Child {
  readonly role: string
  readonly pid: number | undefined
  readonly exited: Promise<Exit>
}

/**
 * Starts a process whose output goes straight to its log, so that neither side can block the other.
 * A program that can't be started has exited, with `error`.
 */
export function startChild(spec: ProcessSpec, lease: Lease): Child {
  const { process: child, exited } = start(spec, lease, 'ignore', 'log')
  return { role: spec.role, pid: child.pid, exited }
}

/** A child that ends with its owner: it gets a configuration on its standard input, and the pipe then stays open. */
export interface OwnedChild extends Child {
  /** The first line that it printed, parsed. */
  readonly ready: unknown
}

/**
 * Starts one of our own entry files, hands it `config` as one line, and waits for its first line.
 * Rejects with FL2001 when that doesn't come within `limitMs`.
 */
export async function startOwned(
  spec: ProcessSpec,
  lease: Lease,
  options: { config?: unknown; limitMs: number; signal: AbortSignal },
): Promise<OwnedChild> {
  options.signal.throwIfAborted()
  const { process: child, exited } = start(spec, lease, 'pipe', 'pipe')
  // A child that died is told by `exited`.
  child.stdin?.on('error', () => {})
  if (options.config !== undefined) child.stdin?.write(`${JSON.stringify(options.config)}\n`)
  using limit = deadline(options.limitMs, options.signal)
  try {
    const ready: unknown = JSON.parse(await orAbort(firstLine(child, exited), limit.signal))
    return { role: spec.role, pid: child.pid, exited, ready }
  } catch (cause) {
    options.signal.throwIfAborted()
    throw new FaultlineError('FL2001', `the ${spec.role} did not come up: ${messageOf(cause)}`, {
      cause,
      remedy: `Read its log: ${spec.logFile}`,
    })
  }
}

function firstLine(child: ChildProcess, exited: Promise<Exit>): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve)
    exited.then((exit) => reject(new Error(`it ended before it was ready (${describeExit(exit)})`)))
  })
}

/** An exit in words: `code 1`, `signal SIGKILL`. */
export function describeExit(exit: Exit): string {
  return exit.error ?? (exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`)
}

function start(
  spec: ProcessSpec,
  lease: Lease,
  stdin: 'pipe' | 'ignore',
  stdout: 'pipe' | 'log',
): { process: ChildProcess; exited: Promise<Exit> } {
  const log = openSync(spec.logFile, 'a')
  try {
    const child = spawn(spec.command.file, [...spec.command.args], {
      cwd: spec.cwd,
      env: { ...spec.environment, ...lease.environment },
      // A group of its own: Ctrl-C in a terminal must not reach a service past its supervisor.
      detached: true,
      stdio: [stdin, stdout === 'log' ? log : 'pipe', log],
      ...(spec.user ?? {}),
    })
    if (child.pid !== undefined) lease.hold(child.pid, spec.stopSignal)
    const exited = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => resolve({ code, signal }))
      child.once('error', (error) => resolve({ code: null, signal: null, error: messageOf(error) }))
    })
    return { process: child, exited }
  } finally {
    closeSync(log)
  }
}
