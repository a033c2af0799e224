import { FaultlineError } from '#core'
import type { PlatformEvent } from '../event.ts'
import type { ServiceControl, ServiceHold } from '../running.ts'
import { limitLog } from './log-limit.ts'

const beatMs = 500
const maxLogBytes = 4 * 1024 * 1024

/** Everyone who wants to know of platform events. */
export class EventHub {
  readonly #listeners = new Set<(event: PlatformEvent) => void>()

  readonly emit = (event: PlatformEvent): void => {
    for (const listener of this.#listeners) listener(event)
  }

  listen(listener: (event: PlatformEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** One service under somebody's supervision. */
export interface Supervised {
  readonly name: string
  readonly logFile: string
  /** Where it is a process of this machine that is ours to name. */
  readonly pid?: number | undefined
  readonly seenStopped: boolean
  /** Starts it now, unless it runs, is held or was ended for good. */
  start(): void
  /** Says that it runs, when it was seen able to. */
  beat(): void
  /** Ends it and keeps it down until the given function is called. */
  holdDown(how: 'stop' | 'kill'): Promise<() => Promise<void>>
  /** Stops all of its processes where they are until the given function is called. */
  holdFrozen(): Promise<() => Promise<void>>
  restart(): Promise<void>
  /** Ends it for good. */
  end(): Promise<void>
}

/** All services of an environment: their heartbeats, their logs, and what a platform can do to them. */
export class Services implements ServiceControl, AsyncDisposable {
  readonly #supervisors = new Map<string, Supervised>()
  readonly #timer: NodeJS.Timeout

  constructor() {
    this.#timer = setInterval(() => this.#beat(), beatMs).unref()
  }

  /** Adds a service and starts it. */
  start(supervisor: Supervised): void {
    this.#supervisors.set(supervisor.name, supervisor)
    supervisor.start()
  }

  stop(service: string): Promise<ServiceHold> {
    return this.#hold(service, (supervisor) => supervisor.holdDown('stop'))
  }

  kill(service: string): Promise<ServiceHold> {
    return this.#hold(service, (supervisor) => supervisor.holdDown('kill'))
  }

  freeze(service: string): Promise<ServiceHold> {
    return this.#hold(service, (supervisor) => supervisor.holdFrozen())
  }

  async restart(service: string): Promise<void> {
    await this.#get(service).restart()
  }

  seenStopped(service: string): boolean {
    return this.#get(service).seenStopped
  }

  processes(): { role: string; pid: number }[] {
    return [...this.#supervisors.values()].flatMap(({ name, pid }) =>
      pid === undefined ? [] : [{ role: name, pid }],
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.end()))
  }

  async #hold(
    service: string,
    act: (supervisor: Supervised) => Promise<() => Promise<void>>,
  ): Promise<ServiceHold> {
    const release = await act(this.#get(service))
    return { service, [Symbol.asyncDispose]: release }
  }

  #get(service: string): Supervised {
    const supervisor = this.#supervisors.get(service)
    if (supervisor) return supervisor
    throw new FaultlineError('FL4001', `this environment started no service "${service}"`, {
      remedy: `Known are: ${[...this.#supervisors.keys()].join(', ')}.`,
    })
  }

  #beat(): void {
    for (const supervisor of this.#supervisors.values()) {
      supervisor.beat()
      void limitLog(supervisor.logFile, maxLogBytes)
    }
  }
}
