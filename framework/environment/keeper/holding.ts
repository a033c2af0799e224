import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type EntryCommand, messageOf, now, sleep } from '#core'
import {
  hasVariable,
  listProcesses,
  type ProcessId,
  type ProcessRow,
  signalProcess,
  withDescendants,
  worksIn,
} from './process-table.ts'
import { removeSharedMemory } from './shared-memory.ts'

/** A bound against an engine that hangs. One that is merely slow is let finish: what is stopped midway would stay until the next run. */
const cleanUpLimitMs = 60_000

/** The variable that marks every process of a run, so that one that nobody told of is found too. */
export const leaseVariable = 'FAULTLINE_LEASE'

/** A process that is held, and the signal that asks it to end. */
export interface Held extends ProcessId {
  readonly stopSignal: NodeJS.Signals
}

/**
 * What a run holds: the processes that it named, their descendants, and whatever carries its lease in the
 * environment or works in its folders. Both the keeper and an owner that lost its keeper end it with this.
 */
export class Holding {
  readonly #leaseId: string
  readonly #folders = new Set<string>()
  readonly #cleanUps: EntryCommand[] = []
  readonly #held = new Map<number, Held>()

  constructor(leaseId: string) {
    this.#leaseId = leaseId
  }

  hold(process: Held): void {
    this.#held.set(process.pid, process)
  }

  /** Names what removes the things of the run that are elsewhere; it gets the lease's id as its last argument. */
  holdElsewhere(cleanUp: EntryCommand): void {
    this.#cleanUps.push(cleanUp)
  }

  holdFolder(path: string): void {
    this.#folders.add(path)
  }

  /** Everything of ours that still runs. What is found once is held by its identity from then on. */
  living(): ProcessRow[] {
    const all = listProcesses().filter((row) => row.pid !== process.pid)
    const roots = new Set(all.filter((row) => this.#isOurs(row)).map((row) => row.pid))
    const ours = withDescendants(all, roots).filter((row) => row.pid !== process.pid)
    for (const row of ours)
      if (this.#held.get(row.pid)?.startedAt !== row.startedAt)
        this.#held.set(row.pid, { pid: row.pid, startedAt: row.startedAt, stopSignal: 'SIGTERM' })
    return ours
  }

  #isOurs(row: ProcessRow): boolean {
    if (this.#held.get(row.pid)?.startedAt === row.startedAt) return true
    if (hasVariable(row.pid, `${leaseVariable}=${this.#leaseId}`)) return true
    return [...this.#folders].some((folder) => worksIn(row.pid, folder))
  }

  /**
   * Ends everything: asks first, frozen processes too, and kills what is left after `graceMs`.
   * Gives what couldn't be ended within `limitMs`: none, but for a process stuck in the kernel.
   */
  async end(options: { graceMs: number; limitMs: number }): Promise<ProcessRow[]> {
    const begin = now()
    const living = this.living()
    const pids = new Set(living.map((row) => row.pid))
    for (const row of living) {
      // A process that has a parent here is that parent's to end: PostgreSQL's children hang when asked one by one.
      if (!pids.has(row.parent)) signalProcess(row, this.#held.get(row.pid)?.stopSignal ?? 'SIGTERM')
      signalProcess(row, 'SIGCONT')
    }
    for (let left = living; ; left = this.living()) {
      const passedMs = now() - begin
      if (left.length === 0 || passedMs > options.limitMs) return left
      if (passedMs > options.graceMs) for (const row of left) signalProcess(row, 'SIGKILL')
      await sleep(25)
    }
  }

  /** Removes what is elsewhere. Gives the words of what failed: none, as a rule. */
  async removeElsewhere(): Promise<string[]> {
    const results = await Promise.allSettled(
      this.#cleanUps.map(({ file, args }) =>
        promisify(execFile)(file, [...args, this.#leaseId], { timeout: cleanUpLimitMs }),
      ),
    )
    return results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : []))
  }

  /** Removes the folders, and what servers in them left outside. Nothing that works in them may run any more. */
  async removeFolders(): Promise<void> {
    for (const folder of this.#folders) {
      await removeSharedMemory(folder)
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    }
  }
}
