import type { Writable } from 'node:stream'
import {
  createVitest,
  type SerializedError,
  type TestModule,
  type TestSpecification,
  type Vitest,
} from 'vitest/node'
import { DeadlineExceeded, deadline, FaultlineError, messageOf, orAbort } from '#core'
import type { HandedSettings, HostEvents, TestDefinition, TestHost } from '#run'
import { defaultImportLimitMs } from '../provided.ts'
import { viteOptions } from '../vite-options.ts'
import { hostOptions } from './config.ts'
import { definitionsOf } from './definitions.ts'
import { HostRelay } from './host-relay.ts'
import { logIn, nowhere } from './log.ts'
import { RunObserver, type WorkerInfo } from './observer.ts'
import { specificationsOf, unitOf } from './selection.ts'
import { withSignalsKept } from './signals-kept.ts'

/** How a Vitest host is made. */
export interface VitestHostOptions {
  /** The folder that test ids are relative to. */
  readonly root: string
  /** Globs of test files, relative to `root`. */
  readonly globs: readonly string[]
  /** A Vitest config of the project's own; none is looked for. */
  readonly configFile?: string
  /** Handed to every worker. */
  readonly provide: HandedSettings
  readonly maxWorkers?: number
  /** How long a test file may take to load; 60 s by default. */
  readonly importLimitMs?: number
  /** Where what tests print goes, as `tests.log`; without it nowhere. */
  readonly logDir?: string
  /** Called when a test process has come up, before its tests run. */
  onWorker?(worker: WorkerInfo): void
}

/** A {@link TestHost} that is Vitest, and what only it can tell. */
export interface VitestHost extends TestHost {
  /** Process ids of the test processes that are running. */
  workerPids(): number[]
}

/** How long Vitest has to stop by itself once a run is aborted, before its processes are killed. */
const stopLimitMs = 1000

/** Listing imports every test file, and one may wait for ever. */
const listLimitMs = 120_000

/** Makes a host; Vitest itself starts at the first `discover`. */
export function createVitestHost(options: VitestHostOptions): VitestHost {
  return new Host(options)
}

class Host implements VitestHost {
  readonly #options: VitestHostOptions
  readonly #log: Writable
  readonly #relay = new HostRelay()
  readonly #pids = new Set<number>()
  /** How many attempts each test has behind it. */
  readonly #attempts = new Map<string, number>()
  #vitest: Promise<Vitest> | undefined
  #definitions: readonly TestDefinition[] = []
  #modules: readonly TestModule[] = []
  #specifications: readonly TestSpecification[] = []

  constructor(options: VitestHostOptions) {
    this.#options = options
    this.#log = options.logDir === undefined ? nowhere() : logIn(options.logDir)
  }

  workerPids(): number[] {
    return [...this.#pids].filter(isAlive)
  }

  async discover(signal: AbortSignal): Promise<readonly TestDefinition[]> {
    using limit = deadline(listLimitMs, signal)
    await this.#driving('tests could not be listed', limit.signal, async (vitest) => {
      this.#provideTo(vitest)
      this.#specifications = await vitest.globTestSpecifications()
      const { testModules } = await vitest.collectTests([...this.#specifications])
      const listed = new Set(testModules.map(({ moduleId }) => moduleId))
      const lost = this.#specifications.filter(({ moduleId }) => !listed.has(moduleId))
      // A file that isn't listed would never be missed.
      if (lost.length > 0)
        throw new Error(`the process ended that listed ${lost.map(({ moduleId }) => moduleId).join(', ')}`)
      this.#modules = testModules
      this.#definitions = definitionsOf(testModules)
    }).catch((error) => {
      if (!(error instanceof DeadlineExceeded) || signal.aborted) throw error
      throw new FaultlineError('FL5001', `tests could not be listed within ${listLimitMs / 1000} s`, {
        remedy: 'see whether a test file waits for something while it is imported',
      })
    })
    return this.#definitions
  }

  async run(events: HostEvents, signal: AbortSignal): Promise<void> {
    await this.#execute(this.#specifications, this.#definitions, events, signal)
  }

  async rerun(testIds: readonly string[], events: HostEvents, signal: AbortSignal): Promise<void> {
    const unit = unitOf(this.#modules, new Set(testIds))
    const specifications = this.#modules.flatMap((module) => specificationsOf(module, unit))
    const expected = this.#definitions.filter(({ id }) => unit.has(id))
    await this.#execute(specifications, expected, events, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const vitest = await this.#vitest?.catch(() => undefined)
    await withExitCodeKept(async () => {
      if (vitest) await orAbort(vitest.close(), AbortSignal.timeout(3 * stopLimitMs)).catch(() => undefined)
    })
    this.#kill()
    // Whoever disposes the host may read the log next, and mask what is in it.
    await new Promise<void>((done) => this.#log.end(() => done()))
  }

  async #execute(
    specifications: readonly TestSpecification[],
    expected: readonly TestDefinition[],
    events: HostEvents,
    signal: AbortSignal,
  ): Promise<void> {
    if (specifications.length === 0) return
    await this.#driving('tests could not be run', signal, async (vitest) => {
      this.#provideTo(vitest)
      const observer = new RunObserver({
        expected: new Set(expected.map(({ id }) => id)),
        events: {
          blocked: (blocked) => events.blocked(blocked),
          skipped: (skipped) => events.skipped(skipped),
          attemptEnded: (attempt) => {
            this.#attempts.set(attempt.testId, attempt.n)
            events.attemptEnded(attempt)
          },
        },
        attemptsBefore: (id) => this.#attempts.get(id) ?? 0,
        onWorker: (worker) => {
          this.#pids.add(worker.pid)
          this.#options.onWorker?.(worker)
        },
      })
      this.#relay.observer = observer
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications([...specifications])
      this.#relay.observer = undefined
      if (!signal.aborted) observer.settle(testModules, unhandledErrors as SerializedError[])
    })
  }

  #provideTo(vitest: Vitest): void {
    const { provide, importLimitMs = defaultImportLimitMs } = this.#options
    vitest.provide('faultline', {
      ...provide,
      importLimitMs,
      attemptsBefore: Object.fromEntries(this.#attempts),
    })
  }

  /** Runs `work` with Vitest; rejects with the signal's reason within the stop limit, or with `FL5001`. */
  async #driving(
    failure: string,
    signal: AbortSignal,
    work: (vitest: Vitest) => Promise<void>,
  ): Promise<void> {
    signal.throwIfAborted()
    this.#vitest ??= this.#start()
    const vitest = await this.#vitest.catch((cause) => {
      throw new FaultlineError('FL5001', `Vitest could not be started: ${messageOf(cause)}`, { cause })
    })
    const stop = () => this.#stop(vitest)
    signal.addEventListener('abort', stop, { once: true })
    try {
      await withExitCodeKept(() => orAbort(work(vitest), afterStop(signal)))
    } catch (cause) {
      signal.throwIfAborted()
      throw new FaultlineError('FL5001', `${failure}: ${messageOf(cause)}`, { cause })
    } finally {
      signal.removeEventListener('abort', stop)
      this.#relay.observer = undefined
    }
    signal.throwIfAborted()
  }

  async #start(): Promise<Vitest> {
    return withSignalsKept(() =>
      createVitest({ ...hostOptions(this.#options), reporters: [this.#relay] }, viteOptions(), {
        stdout: this.#log,
        stderr: this.#log,
      }),
    )
  }

  #stop(vitest: Vitest): void {
    void vitest.cancelCurrentRun('keyboard-input').catch(() => undefined)
    setTimeout(() => this.#kill(), stopLimitMs).unref()
  }

  #kill(): void {
    for (const pid of this.workerPids()) process.kill(pid, 'SIGKILL')
    this.#pids.clear()
  }
}

/** Aborts a little after `signal`, so that Vitest can stop by itself first. */
function afterStop(signal: AbortSignal): AbortSignal {
  const controller = new AbortController()
  const abort = () => controller.abort(signal.reason)
  signal.addEventListener('abort', () => setTimeout(abort, 1.5 * stopLimitMs).unref(), { once: true })
  return controller.signal
}

/** Vitest sets the exit code of the process that it runs in; ours is the gate's to decide. */
async function withExitCodeKept<T>(work: () => Promise<T>): Promise<T> {
  const before = process.exitCode
  try {
    return await work()
  } finally {
    process.exitCode = before
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
