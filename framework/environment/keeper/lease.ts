import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { type EntryCommand, entryCommand, FaultlineError, messageOf, orAbort } from '#core'
import { Holding, leaseVariable } from './holding.ts'
import { type ProcessId, readProcess } from './process-table.ts'
import type { KeeperCommand, KeeperConfig, KeeperReady } from './protocol.ts'

const graceMs = 2_000
const limitMs = 8_000

/** A run's hold on everything that it starts. Disposing it ends whatever still runs and removes the run's folders. */
export interface Lease extends AsyncDisposable {
  readonly id: string
  readonly keeper: ProcessId
  /** Every process of the run must carry this in its environment. */
  readonly environment: Readonly<Record<string, string>>
  /** When the keeper serves: its control address and the ports that are the run's. */
  readonly ready: Promise<KeeperReady>
  /** Settles when the keeper died though nobody disposed the lease; everything is then being ended already. */
  readonly lost: Promise<FaultlineError>
  /** Names a process, best at once after its start. Without it, it is found by its environment only. */
  hold(pid: number, stopSignal?: NodeJS.Signals): void
}

/** The command that starts a keeper. */
export function keeperCommand(): EntryCommand {
  return entryCommand(import.meta.url, 'main')
}

/**
 * Starts the keeper. `folders` are the run's own and are removed at the end, real paths. `cleanUp` removes what the run
 * has elsewhere, and gets the lease's id as its last argument.
 */
export function takeLease(options: {
  keeper: EntryCommand
  folders: readonly string[]
  cleanUp?: EntryCommand
  environment: Readonly<Record<string, string>>
  logFile: string
  signal: AbortSignal
}): Lease {
  const leaseId = randomUUID()
  const child = spawnKeeper(options)
  const identity = child.pid === undefined ? undefined : readProcess(child.pid)
  const mirror = new Holding(leaseId)
  for (const folder of options.folders) mirror.holdFolder(folder)
  if (options.cleanUp) mirror.holdElsewhere(options.cleanUp)
  let disposed: Promise<void> | undefined

  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const ready = orAbort(firstLine(child, exited), options.signal)
  ready.catch(() => {})
  const lost = exited.then(async () => {
    if (disposed) return new Promise<FaultlineError>(() => {})
    disposed = endWithoutKeeper(mirror)
    return new FaultlineError('FL2003', 'the keeper process ended before its run', {
      remedy: 'Everything of the run is being ended. Find out what killed the keeper, and run again.',
    })
  })
  const send = (line: KeeperConfig | KeeperCommand) => child.stdin?.write(`${JSON.stringify(line)}\n`)
  // A keeper that died is told by `lost`; a write that meets its closed pipe says the same.
  child.stdin?.on('error', () => {})
  send({ leaseId, folders: options.folders, cleanUp: options.cleanUp, graceMs })

  return {
    id: leaseId,
    keeper: identity ?? { pid: child.pid ?? -1, startedAt: '' },
    environment: { [leaseVariable]: leaseId },
    ready,
    lost,
    hold(pid, stopSignal = 'SIGTERM') {
      const row = readProcess(pid)
      if (!row) return
      const held = { pid, startedAt: row.startedAt, stopSignal }
      mirror.hold(held)
      send({ hold: held })
    },
    [Symbol.asyncDispose]() {
      // The keeper ends everything; should it be killed meanwhile, the owner has the same list.
      disposed ??= endWithKeeper(child, exited).then(() =>
        child.exitCode === 0 ? endProcesses(mirror) : endWithoutKeeper(mirror),
      )
      return disposed
    },
  }
}

function spawnKeeper(options: Parameters<typeof takeLease>[0]): ChildProcess {
  const log = openSync(options.logFile, 'a')
  try {
    return spawn(options.keeper.file, [...options.keeper.args], {
      cwd: '/',
      detached: true,
      env: options.environment,
      stdio: ['pipe', 'pipe', log],
    })
  } finally {
    closeSync(log)
  }
}

async function firstLine(child: ChildProcess, exited: Promise<void>): Promise<KeeperReady> {
  const none = exited.then(() => {
    throw new FaultlineError('FL2001', 'the keeper process ended before it was ready')
  })
  const line = new Promise<string>((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve)
  })
  const text = await Promise.race([line, none])
  try {
    return JSON.parse(text) as KeeperReady
  } catch (cause) {
    throw new FaultlineError('FL2001', `the keeper process said something else: ${messageOf(cause)}`)
  }
}

async function endWithKeeper(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.end()
  await exited
}

async function endWithoutKeeper(mirror: Holding): Promise<void> {
  await Promise.all([endProcesses(mirror), mirror.removeElsewhere()])
}

async function endProcesses(mirror: Holding): Promise<void> {
  await mirror.end({ graceMs, limitMs })
  await mirror.removeFolders()
}
