import { now, waitFor } from '#core'
import type { Supervised } from '../embedded/services.ts'
import type { PlatformEvent } from '../event.ts'
import type { ContainerChange } from './changes.ts'
import type { StartedContainer } from './container.ts'
import type { DockerApi } from './testcontainers.ts'

const firstBackoffMs = 100
const longestBackoffMs = 2_000
/** A service that ran this long has come up: its next failure starts the back-off anew. */
const settledMs = 10_000
const stopLimitSeconds = 3
const changeLimitMs = 10_000

export interface ContainerSupervisorOptions {
  readonly name: string
  readonly logFile: string
  readonly docker: DockerApi
  /** Makes and starts the container, the first time. */
  readonly create: () => Promise<StartedContainer>
  /** Writes its log from a moment on, in epoch seconds; called for every start but the first. */
  readonly followLog: (id: string, since: number) => void
  readonly emit: (event: PlatformEvent) => void
}

/**
 * Keeps one service's container running as a platform would: what ends is started again with back-off, except while
 * somebody holds it down. What it tells as platform events is what the engine told, not what was asked of it.
 */
export class ContainerSupervisor implements Supervised {
  /** Settles when the container was made and started for the first time. */
  readonly launched: Promise<StartedContainer>
  readonly #launch = Promise.withResolvers<StartedContainer>()
  readonly #options: ContainerSupervisorOptions
  #container: ReturnType<DockerApi['getContainer']> | undefined
  #state: 'down' | 'starting' | 'running' | 'frozen' = 'down'
  #incarnation = 0
  #startedAt = 0
  #backoffMs = firstBackoffMs
  #timer: NodeJS.Timeout | undefined
  /** How many hold the service down or frozen. */
  #holds = 0
  #closed = false
  #seenStopped = false

  constructor(options: ContainerSupervisorOptions) {
    this.#options = options
    this.launched = this.#launch.promise
    // Whoever brings the environment up awaits it; nobody need to once that was given up.
    this.launched.catch(() => {})
  }

  get name(): string {
    return this.#options.name
  }

  get logFile(): string {
    return this.#options.logFile
  }

  get seenStopped(): boolean {
    return this.#seenStopped
  }

  start(): void {
    clearTimeout(this.#timer)
    if (this.#state !== 'down' || this.#holds > 0 || this.#closed) return
    this.#state = 'starting'
    this.#begin().catch((error: unknown) => {
      this.#launch.reject(error)
      this.#state = 'down'
      this.#startLater()
    })
  }

  /** Says that the service runs, when the engine says so of the incarnation that is known. */
  beat(): void {
    const incarnation = this.#incarnation
    if (this.#state !== 'running' || this.#holds > 0) return
    this.#container?.inspect().then(
      ({ State }) => {
        const isSame = this.#incarnation === incarnation && this.#state === 'running' && this.#holds === 0
        if (isSame && State.Running && !State.Paused) this.#tell('running')
      },
      // Without an answer nothing was seen.
      () => {},
    )
  }

  /** Takes what the engine says of this container. */
  on(change: ContainerChange): void {
    switch (change.kind) {
      case 'started':
        this.#onStart()
        break
      case 'paused':
        this.#state = 'frozen'
        if (this.#holds > 0) this.#seenStopped = true
        this.#tell('stopped')
        break
      case 'resumed':
        this.#state = 'running'
        this.#tell('running')
        break
      case 'ended':
        this.#onEnd(change)
    }
  }

  async holdDown(how: 'stop' | 'kill'): Promise<() => Promise<void>> {
    this.#holds++
    clearTimeout(this.#timer)
    await this.#settled()
    if (this.#state === 'down') this.#tell('stopped')
    else {
      await (how === 'kill' ? this.#container?.kill() : this.#container?.stop({ t: stopLimitSeconds }))
      await waitFor(() => this.#state === 'down', { limitMs: changeLimitMs })
    }
    return this.#releaseOnce(() => this.start())
  }

  async holdFrozen(): Promise<() => Promise<void>> {
    this.#holds++
    clearTimeout(this.#timer)
    await this.#settled()
    if (this.#state === 'running') {
      await this.#container?.pause()
      await waitFor(() => this.#state !== 'running', { limitMs: changeLimitMs })
    } else this.#tell('stopped')
    return this.#releaseOnce(async () => {
      if (this.#state === 'frozen') await this.#container?.unpause()
      else this.start()
    })
  }

  async restart(): Promise<void> {
    const release = await this.holdDown('stop')
    await release()
  }

  /** Nothing starts it again; the lease's clean-up removes it. */
  async end(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
  }

  async #begin(): Promise<void> {
    if (this.#container) return void (await this.#container.start())
    const started = await this.#options.create()
    this.#container = this.#options.docker.getContainer(started.id)
    this.#launch.resolve(started)
  }

  /** Waits for a start under way, so that a hold never meets a container that is about to run. */
  async #settled(): Promise<void> {
    await waitFor(() => this.#state !== 'starting', { limitMs: changeLimitMs })
  }

  #onStart(): void {
    this.#state = 'running'
    this.#incarnation++
    this.#startedAt = now()
    if (this.#incarnation > 1 && this.#container)
      this.#options.followLog(this.#container.id, this.#startedAt / 1000)
    this.#tell('started')
  }

  #onEnd({ how, code, signal }: Extract<ContainerChange, { kind: 'ended' }>): void {
    this.#state = 'down'
    if (this.#holds > 0) this.#seenStopped = true
    if (how === 'stopped') this.#tell('stopped')
    else this.#tell(how, { code, signal })
    if (now() - this.#startedAt > settledMs) this.#backoffMs = firstBackoffMs
    this.#startLater()
  }

  #startLater(): void {
    if (this.#closed || this.#holds > 0) return
    this.#timer = setTimeout(() => this.start(), this.#backoffMs)
    this.#backoffMs = Math.min(this.#backoffMs * 2, longestBackoffMs)
  }

  #releaseOnce(release: () => void | Promise<void>): () => Promise<void> {
    let released: Promise<void> | undefined
    return () => {
      released ??= Promise.resolve().then(() => {
        this.#holds--
        return release()
      })
      return released
    }
  }

  #tell(event: PlatformEvent['event'], exit: Pick<PlatformEvent, 'code' | 'signal'> = {}): void {
    this.#options.emit({ at: now(), service: this.name, event, incarnation: this.#incarnation, ...exit })
  }
}
