import { enableCompileCache } from 'node:module'
import path from 'node:path'
// Vitest declares its own hook of a plugin beside its config.
import type {} from 'vitest/config'
import type { Reporter, SerializedError, TestCase, TestModule, Vite, Vitest } from 'vitest/node'
import { messageOf } from '#core'
import { type Attempt, type Blocked, type Skipped, startCoordinator } from '#run'
import type { PlainRun } from '#session/plain-run'
import { definitionsOf } from './host/definitions.ts'
import { HostRelay } from './host/host-relay.ts'
import { RunObserver } from './host/observer.ts'
import { unguidedSettings } from './provided.ts'
import { runnerFile, viteOptions, workerOptions } from './vite-options.ts'

/** Starts the judging of plain runs. `root` is Vitest's. Rejects with a `FaultlineError`, which the plugin shows. */
export type StartPlainRun = (options: { root: string; signal: AbortSignal }) => Promise<PlainRun>

/**
 * The plugin for `vitest.config.ts`: under plain `vitest run`, in watch mode and in the Vitest UI, tests are guided by the
 * environment of the nearest `faultline.config.ts`, and failures carry verdicts as far as evidence goes.
 */
export function faultline(): Vite.Plugin {
  // Loaded when a run starts: test workers import this module too, and start no environment.
  return createPlugin(async (options) => (await import('#session/plain-run')).startPlainRun(options))
}

/** The plugin, with the judging handed in. */
export function createPlugin(start: StartPlainRun): Vite.Plugin {
  const known = new WeakSet<Vitest>()
  return {
    name: 'faultline',
    config: () => ({ ...viteOptions(), test: { runner: runnerFile, pool: 'forks', ...workerOptions() } }),
    configureVitest({ vitest }) {
      // Called once a project; the reporter is for all of them.
      if (known.has(vitest) || isDriven(vitest)) return
      known.add(vitest)
      cacheCompiled(vitest)
      const reporter = new PlainReporter(vitest, start)
      vitest.config.reporters.push(reporter)
      vitest.onClose(() => reporter[Symbol.asyncDispose]())
    },
  }
}

/**
 * Lets this process and test workers take compiled code from where earlier ones left it, Vitest's own and ours: each worker is a process of its own, and most
 * of what it does before its first test is to load the same files again. Vitest takes this out where it counts coverage by V8.
 */
function cacheCompiled({ config, vite }: Vitest): void {
  const folder = path.join(vite.config.cacheDir, 'compiled')
  config.env = { NODE_COMPILE_CACHE: folder, ...config.env }
  enableCompileCache(folder)
}

/** Whether a gate drives this Vitest, by a config that has the plugin: then the gate does the judging. */
function isDriven({ config }: Vitest): boolean {
  return config.reporters.some((reporter) => reporter instanceof HostRelay)
}

/** Guides the tests of plain Vitest, and prints a line for each failure when they are done. */
class PlainReporter implements Reporter {
  readonly #vitest: Vitest
  readonly #start: StartPlainRun
  readonly #resources = new AsyncDisposableStack()
  readonly #interrupt = new AbortController()
  #coordinating: Promise<void> | undefined
  #run: Promise<PlainRun | undefined> = Promise.resolve(undefined)
  #observer: RunObserver | undefined
  #results = emptyResults()

  constructor(vitest: Vitest, start: StartPlainRun) {
    this.#vitest = vitest
    this.#start = start
  }

  async onTestRunStart(): Promise<void> {
    this.#coordinating ??= this.#begin()
    await this.#coordinating
    const results = emptyResults()
    this.#results = results
    this.#observer = new RunObserver({
      expected: 'all',
      attemptsBefore: () => 0,
      onWorker: ({ pid }) => void this.#run.then((run) => run?.hold(pid)),
      events: {
        attemptEnded: (attempt) => void results.attempts.push(attempt),
        blocked: (blocked) => void results.blocked.push(blocked),
        skipped: (skipped) => void results.skipped.push(skipped),
      },
    })
  }

  onTestModuleCollected(module: TestModule): void {
    this.#observer?.onTestModuleCollected(module)
  }

  onTestCaseReady(test: TestCase): void {
    this.#observer?.onTestCaseReady(test)
  }

  onTestCaseResult(test: TestCase): void {
    this.#observer?.onTestCaseResult(test)
  }

  async onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Promise<void> {
    this.#observer?.settle(modules, unhandled)
    const { attempts, blocked, skipped } = this.#results
    const run = await this.#run
    const results = { definitions: () => definitionsOf(modules), attempts, blocked, skipped }
    const lines = (await run?.judge(results)) ?? []
    const blockedLines = blocked.map(({ testId, blockedBy }) => ({
      testId,
      line: `blocked by ${blockedBy.join(', ')}`,
    }))
    for (const { testId, line } of [...lines, ...blockedLines])
      this.#vitest.logger.log(`${testId}\n  → ${line}`)
    // A blocked test is no pass: a pipeline that looks at the exit code only must not take it for one.
    if (blocked.length > 0) process.exitCode = 1
  }

  /**
   * Starts the judging, and goes on: workers start and load their files while the environment comes up, and wait for it before
   * their first test. A plain run goes on without it, and says so.
   */
  async #begin(): Promise<void> {
    const run = this.#startRun()
    this.#run = run.catch((error) => this.#complain(error))
    try {
      const guide = run.then((started) => started.guide)
      const coordinator = this.#resources.use(await startCoordinator(guide))
      this.#vitest.provide('faultline', { ...unguidedSettings, coordinator: coordinator.address })
    } catch (error) {
      this.#complain(error)
    }
  }

  async #startRun(): Promise<PlainRun> {
    const { root } = this.#vitest.config
    return this.#resources.use(await this.#start({ root, signal: this.#interrupt.signal }))
  }

  #complain(error: unknown): undefined {
    // Whoever ends Vitest while the environment comes up knows why.
    if (this.#interrupt.signal.aborted) return
    this.#vitest.logger.error(`faultline: failures carry no verdicts in this run: ${messageOf(error)}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#interrupt.abort(new Error('Vitest is closing'))
    await this.#run
    await this.#resources.disposeAsync()
  }
}

function emptyResults() {
  return { attempts: [] as Attempt[], blocked: [] as Blocked[], skipped: [] as Skipped[] }
}
