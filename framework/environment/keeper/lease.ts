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
  /** Settles when the keeper died though nobody disposed the lease; everything is then being ended already. */
  readonly lost: Promise<FaultlineError>
  /** Names a process, best at once after its start. Without it, it is found by its environment only. */
  hold(pid: number, stopSignal?: NodeJS.Signals): void
}

/** A lease whose keeper answers on a control address, and keeps ports free for the run. */
export interface ServingLease extends Lease {
  /** When the keeper serves: its control address and the ports that are the run's. */
  readonly ready: Promise<KeeperReady>
}

export interface LeaseOptions {
  readonly keeper: EntryCommand
  /** The run's own, removed at the end; real paths. */
  readonly folders: readonly string[]
  /** Removes what the run has elsewhere, and gets the lease's id as its last argument. */
  readonly cleanUp?: EntryCommand
  readonly environment: Readonly<Record<string, string>>
  readonly logFile: string
}

/** The command that starts a keeper. */
export function keeperCommand(): EntryCommand {
  return entryCommand(import.meta.url, 'main')
}

/** Starts a keeper, and waits for nothing: what it is told before it runs waits for it in its pipe. */
export function takeLease(options: LeaseOptions): Lease {
  return startKeeper(options, { serves: false }).lease
}

/** Starts a keeper that serves. */
export function takeServingLease(options: LeaseOptions & { readonly signal: AbortSignal }): ServingLease {
  const { lease, child, exited } = startKeeper(options, { serves: true })
  const ready = orAbort(firstLine(child, exited), options.signal)
  ready.catch(() => {})
  return { ...lease, ready }
}

function startKeeper(
  options: LeaseOptions,
  { serves }: { serves: boolean },
): { lease: Lease; child: ChildProcess; exited: Promise<void> } {
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
  send({ leaseId, folders: options.folders, cleanUp: options.cleanUp, graceMs, serves })

  const lease: Lease = {
    id: leaseId,
    keeper: identity ?? { pid: child.pid ?? -1, startedAt: '' },
    environment: { [leaseVariable]: leaseId },
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
        child.exitCode === 0 ? undefined : endWithoutKeeper(mirror),
      )
      return disposed
    },
  }
  return { lease, child, exited }
}

function spawnKeeper(options: LeaseOptions): ChildProcess {
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
  await Promise.all([mirror.end({ graceMs, limitMs }), mirror.removeElsewhere()])
  await mirror.removeFolders()
}
