import { now, waitFor } from '#core'
import type { PlatformEvent } from '../event.ts'
import type { Lease } from '../keeper/lease.ts'
import {
  isRunning,
  listProcesses,
  type ProcessId,
  readProcess,
  signalProcess,
  withDescendants,
} from '../keeper/process-table.ts'
import { type Child, type Exit, type ProcessSpec, startChild } from './child.ts'
import type { Supervised } from './services.ts'

const firstBackoffMs = 100
const longestBackoffMs = 2_000
/** A service that ran this long has come up: its next failure starts the back-off anew. */
const settledMs = 10_000
const stopLimitMs = 3_000
const exitLimitMs = 5_000

type Ending = 'stop' | 'kill'

/**
 * Keeps one service running as a platform would: what ends by itself is started again with back-off, except
 * while somebody holds it down. Tells what it sees as platform events.
 */
export class Supervisor implements Supervised {
  readonly #spec: ProcessSpec
  readonly #lease: Lease
  readonly #emit: (event: PlatformEvent) => void
  #child: Child | undefined
  #incarnation = 0
  #startedAt = 0
  #backoffMs = firstBackoffMs
  #timer: NodeJS.Timeout | undefined
  /** How many hold the service down or frozen. */
  #holds = 0
  #frozen: ProcessId[] = []
  #endedByUs = false
  #closed = false
  #seenStopped = false

  constructor(spec: ProcessSpec, lease: Lease, emit: (event: PlatformEvent) => void) {
    this.#spec = spec
    this.#lease = lease
    this.#emit = emit
  }

  get name(): string {
    return this.#spec.role
  }

  get logFile(): string {
    return this.#spec.logFile
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get seenStopped(): boolean {
    return this.#seenStopped
  }

  /** Starts the service now, unless it runs, is held or was ended for good. */
  start(): void {
    clearTimeout(this.#timer)
    if (this.#child || this.#holds > 0 || this.#closed) return
    const child = startChild(this.#spec, this.#lease)
    this.#child = child
    this.#incarnation++
    this.#startedAt = now()
    this.#endedByUs = false
    if (child.pid !== undefined) this.#tell('started')
    child.exited.then((exit) => this.#onExit(exit))
  }

  /** Says that the service runs, when its process was seen able to. */
  beat(): void {
    const pid = this.#child?.pid
    if (pid === undefined || this.#holds > 0) return
    const state = readProcess(pid)?.state
    if (state !== undefined && state.toUpperCase() !== 'T') this.#tell('running')
  }

  /** Ends it and keeps it down until the given function is called. */
  async holdDown(how: Ending): Promise<() => Promise<void>> {
    this.#holds++
    await this.#end(how)
    return this.#releaseOnce(async () => this.start())
  }

  /** Stops all of its processes where they are until the given function is called. */
  async holdFrozen(): Promise<() => Promise<void>> {
    this.#holds++
    clearTimeout(this.#timer)
    const frozen = this.#tree()
    this.#frozen.push(...frozen)
    for (const one of frozen) signalProcess(one, 'SIGSTOP')
    await waitFor(() => frozen.every((one) => (readProcess(one.pid)?.state ?? 'T') === 'T'), {
      limitMs: exitLimitMs,
      everyMs: 5,
    })
    this.#seenStopped = true
    this.#tell('stopped')
    return this.#releaseOnce(async () => {
      this.#thaw()
      if (this.#child) this.#tell('running')
      else this.start()
    })
  }

  /** Ends it and starts it again at once. */
  async restart(): Promise<void> {
    const release = await this.holdDown('stop')
    await release()
  }

  /** Ends it for good. */
  async end(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#thaw()
    if (this.#child) await this.#end('stop')
  }

  async #end(how: Ending): Promise<void> {
    clearTimeout(this.#timer)
    this.#endedByUs = true
    const child = this.#child
    if (child === undefined) {
      this.#tell('stopped')
      return
    }
    const tree = this.#tree()
    const root = tree.find((one) => one.pid === child.pid)
    if (root && how === 'stop') {
      signalProcess(root, this.#spec.stopSignal)
      await settled(child, stopLimitMs)
    }
    for (const one of tree) signalProcess(one, 'SIGKILL')
    await waitFor(() => !tree.some(isRunning), { limitMs: exitLimitMs, everyMs: 5 })
    await child.exited
  }

  #onExit(exit: Exit): void {
    this.#child = undefined
    if (this.#endedByUs) {
      this.#seenStopped = true
      this.#tell('stopped')
      return
    }
    this.#tell('exited', { code: exit.code, signal: exit.signal })
    if (now() - this.#startedAt > settledMs) this.#backoffMs = firstBackoffMs
    if (!this.#closed) this.#timer = setTimeout(() => this.start(), this.#backoffMs)
    this.#backoffMs = Math.min(this.#backoffMs * 2, longestBackoffMs)
  }

  #thaw(): void {
    for (const one of this.#frozen.splice(0)) signalProcess(one, 'SIGCONT')
  }

  #releaseOnce(release: () => Promise<void>): () => Promise<void> {
    let released: Promise<void> | undefined
    return () => {
      released ??= Promise.resolve().then(() => {
        this.#holds--
        return release()
      })
      return released
    }
  }

  /** Its process and all that descend from it: PostgreSQL answers from its children. */
  #tree(): ProcessId[] {
    const pid = this.#child?.pid
    return pid === undefined ? [] : withDescendants(listProcesses(), new Set([pid]))
  }

  #tell(event: PlatformEvent['event'], exit: Pick<PlatformEvent, 'code' | 'signal'> = {}): void {
    this.#emit({ at: now(), service: this.name, event, incarnation: this.#incarnation, ...exit })
  }
}

/** Waits for the child's exit, at most so long. */
async function settled(child: Child, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs)
  })
  await Promise.race([child.exited, late])
  clearTimeout(timer)
}
