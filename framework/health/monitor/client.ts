import { type ChildProcess, spawn } from 'node:child_process'
import {
  deadline,
  type EntryCommand,
  entryCommand,
  messageOf,
  now,
  orAbort,
  type Secret,
  waitAtMost,
} from '#core'
import { eachLine } from '#journal'
import type { Observation, ProbeTarget } from '#probe'
import type { HealthChange, Snapshot } from '../snapshot.ts'
import { type HealthThresholds, thresholdsFor } from '../thresholds.ts'
import { createHealthTracker, type HealthTracker, type View } from '../tracker.ts'
import type { MonitorMessage, MonitorOrders, RoundRequest } from './protocol.ts'

export interface MonitorConfig {
  /** How often every target is looked at: 250 ms embedded, at most a second elsewhere. */
  readonly intervalMs: number
  /** Targets with vantage `runner`, and the control target. */
  readonly targets: readonly ProbeTarget[]
  /** Who looks from elsewhere. After a loss it is sought again, unless `reconnect` is false. */
  readonly agent?: { readonly url: string; readonly token: Secret; readonly reconnect?: boolean }
  /** By default those of {@link thresholdsFor} the interval and the slowest target. */
  readonly thresholds?: HealthThresholds
}

/** The agent was lost or found again. A loss is a gap in what is known, and the run goes on. */
export type AgentChange =
  | { readonly kind: 'found'; readonly views: readonly View[] }
  | { readonly kind: 'lost'; readonly reason: string }

export interface MonitorOptions {
  readonly command: EntryCommand
  readonly config: MonitorConfig
  readonly signal: AbortSignal
  readonly onSpawn?: (pid: number) => void
  readonly onObservation?: (observation: Observation) => void
  readonly onHealth?: (change: HealthChange) => void
  readonly onAgent?: (change: AgentChange) => void
}

/** The owner's side of the monitor process. Disposing it ends the process. */
export interface Monitor extends AsyncDisposable {
  /** The health of everything right now. What was looked at too long ago, or never, is unknown. */
  snapshot(): Snapshot
  /**
   * Asks for one more look at everything, and resolves when it is done, after 4 s at the latest, or at once when there is no
   * monitor any more. Rejects only with `signal.reason`.
   */
  round(signal: AbortSignal): Promise<void>
  /** Resolves with the reason when the process ends without having been told to: from then on all becomes unknown. */
  readonly lost: Promise<string>
  /** Waits until the predicate holds: true when it did, false after `limitMs`. Rejects with `signal.reason`. */
  waitUntil(
    predicate: (snapshot: Snapshot) => boolean,
    options: { readonly limitMs: number; readonly signal: AbortSignal },
  ): Promise<boolean>
}

const roundLimitMs = 4000
const endLimitMs = 1000

/** The command that starts a monitor process. */
export function monitorCommand(): EntryCommand {
  return entryCommand(import.meta.url, 'main')
}

/** Starts a monitor process, which ends at the latest when this process does. Its trouble is never an exception: see `lost`. */
export function startMonitor(options: MonitorOptions): Monitor {
  return new MonitorClient(options)
}

class MonitorClient implements Monitor {
  readonly #options: MonitorOptions
  readonly #child: ChildProcess
  readonly #tracker: HealthTracker
  readonly #ticker: NodeJS.Timeout
  readonly #rounds = new Map<number, () => void>()
  readonly #watchers = new Set<() => void>()
  readonly #lost = Promise.withResolvers<string>()
  readonly #ended = Promise.withResolvers<void>()
  readonly #end = () => this.#child.stdin?.end()
  #lastRound = 0
  #state: 'running' | 'ending' | 'gone' = 'running'
  #stderr = ''

  constructor(options: MonitorOptions) {
    const { command, config, signal, onSpawn } = options
    this.#options = options
    this.#tracker = createHealthTracker(thresholdsOf(config))
    this.#tracker.expect(config.targets, now())
    this.#child = spawn(command.file, command.args, { stdio: 'pipe' })
    this.#child.once('error', (error) => this.#gone(messageOf(error)))
    this.#child.once('exit', (code, killed) => this.#gone(`it ended with ${killed ?? `exit code ${code}`}`))
    this.#child.stdin?.on('error', () => {})
    this.#child.stderr?.on('data', (text) => {
      this.#stderr = `${this.#stderr}${text}`.slice(-2000)
    })
    // After a stall of this process, what arrived meanwhile is read before anything is called too old.
    this.#ticker = setInterval(() => setImmediate(() => this.#age()), config.intervalMs)
    if (this.#child.pid !== undefined) onSpawn?.(this.#child.pid)
    this.#send(ordersOf(config))
    void this.#read()
    signal.addEventListener('abort', this.#end, { once: true })
    if (signal.aborted) this.#end()
  }

  get lost(): Promise<string> {
    return this.#lost.promise
  }

  snapshot(): Snapshot {
    return this.#tracker.snapshot(now())
  }

  async round(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#state !== 'running') return
    this.#lastRound += 1
    const id = this.#lastRound
    const answered = new Promise<void>((resolve) => this.#rounds.set(id, resolve))
    this.#send({ round: id })
    await waitAtMost(roundLimitMs, answered, signal)
    this.#rounds.delete(id)
  }

  async waitUntil(
    predicate: (snapshot: Snapshot) => boolean,
    { limitMs, signal }: { readonly limitMs: number; readonly signal: AbortSignal },
  ): Promise<boolean> {
    using limit = deadline(limitMs, signal)
    const held = Promise.withResolvers<true>()
    const watcher = () => {
      if (predicate(this.snapshot())) held.resolve(true)
    }
    this.#watchers.add(watcher)
    watcher()
    try {
      return await orAbort(held.promise, limit.signal)
    } catch {
      signal.throwIfAborted()
      return false
    } finally {
      this.#watchers.delete(watcher)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener('abort', this.#end)
    clearInterval(this.#ticker)
    if (this.#state === 'gone') return
    this.#state = 'ending'
    this.#end()
    const force = setTimeout(() => this.#child.kill('SIGKILL'), endLimitMs)
    await this.#ended.promise
    clearTimeout(force)
  }

  async #read(): Promise<void> {
    if (!this.#child.stdout) return
    await eachLine(this.#child.stdout, (line) => this.#receive(JSON.parse(line.toString())))
  }

  #receive(message: MonitorMessage): void {
    const { onObservation, onAgent } = this.#options
    if ('observation' in message) {
      onObservation?.(message.observation)
      this.#report(this.#tracker.observe(message.observation))
    } else if ('missed' in message)
      // It is evidence of then, and says nothing of how things are now.
      onObservation?.(message.missed)
    else if ('found' in message) {
      this.#tracker.expect(message.views, now())
      onAgent?.({ kind: 'found', views: message.views })
    } else if ('lost' in message) onAgent?.({ kind: 'lost', reason: message.reason })
    else this.#rounds.get(message.round)?.()
  }

  #age(): void {
    for (const change of this.#tracker.age(now())) this.#report(change)
  }

  /** Tells of a change, and lets those who wait for a state of health look again. */
  #report(change: HealthChange | undefined): void {
    if (!change) return
    this.#options.onHealth?.(change)
    for (const watcher of this.#watchers) watcher()
  }

  #send(line: MonitorOrders | RoundRequest): void {
    if (this.#child.stdin?.writable) this.#child.stdin.write(`${JSON.stringify(line)}\n`)
  }

  #gone(reason: string): void {
    const isExpected = this.#state !== 'running' || this.#options.signal.aborted
    this.#state = 'gone'
    this.#ended.resolve()
    for (const answer of this.#rounds.values()) answer()
    if (!isExpected) this.#lost.resolve([reason, this.#stderr.trim()].filter(Boolean).join(': '))
  }
}

function ordersOf({ intervalMs, targets, agent }: MonitorConfig): MonitorOrders {
  if (!agent) return { intervalMs, targets }
  const { url, token, reconnect = true } = agent
  return { intervalMs, targets, agent: { url, token: token.reveal(), reconnect } }
}

function thresholdsOf({ intervalMs, targets, thresholds }: MonitorConfig): HealthThresholds {
  const longestMs = Math.max(0, ...targets.map((target) => target.timeoutMs))
  return thresholds ?? thresholdsFor(intervalMs, longestMs)
}
