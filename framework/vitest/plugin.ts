import type { Reporter, SerializedError, TestCase, TestModule, Vite, Vitest } from 'vitest/node'
import { messageOf } from '#core'
import { type Attempt, type Blocked, type Skipped, startCoordinator } from '#run'
import { definitionsOf } from './host/definitions.ts'
import { RunObserver } from './host/observer.ts'
import type { PlainRun, StartPlainRun } from './plain.ts'
import { runnerFile, viteOptions, workerOptions } from './vite-options.ts'

/** The plugin for `vitest.config.ts`, with the judging handed in. */
export function createPlugin(start: StartPlainRun): Vite.Plugin {
  const known = new WeakSet<Vitest>()
  return {
    name: 'faultline',
    config: () => ({ ...viteOptions(), test: { runner: runnerFile, pool: 'forks', ...workerOptions() } }),
    configureVitest({ vitest }) {
      // Called once a project; the reporter is for all of them.
      if (known.has(vitest)) return
      known.add(vitest)
      const reporter = new PlainReporter(vitest, start)
      vitest.config.reporters.push(reporter)
      vitest.onClose(() => reporter[Symbol.asyncDispose]())
    },
  }
}

/** Guides the tests of plain Vitest, and prints a line for each failure when they are done. */
class PlainReporter implements Reporter {
  readonly #vitest: Vitest
  readonly #start: StartPlainRun
  readonly #resources = new AsyncDisposableStack()
  readonly #interrupt = new AbortController()
  #run: Promise<PlainRun | undefined> | undefined
  #observer: RunObserver | undefined
  #results = emptyResults()

  constructor(vitest: Vitest, start: StartPlainRun) {
    this.#vitest = vitest
    this.#start = start
  }

  async onTestRunStart(): Promise<void> {
    this.#run ??= this.#begin()
    await this.#run
    const results = emptyResults()
    this.#results = results
    this.#observer = new RunObserver({
      expected: 'all',
      attemptsBefore: () => 0,
      onWorker() {},
      events: {
        attemptStarted() {},
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
    const results = { definitions: definitionsOf(modules), attempts, blocked, skipped }
    const lines = (await run?.judge(results, this.#interrupt.signal)) ?? []
    const blockedLines = blocked.map(({ testId, blockedBy }) => ({
      testId,
      line: `blocked by ${blockedBy.join(', ')}`,
    }))
    for (const { testId, line } of [...lines, ...blockedLines])
      this.#vitest.logger.log(`${testId}\n  → ${line}`)
    // A blocked test is no pass: a pipeline that looks at the exit code only must not take it for one.
    if (blocked.length > 0) process.exitCode = 1
  }

  /** Starts the judging. A plain run goes on without it, and says so. */
  async #begin(): Promise<PlainRun | undefined> {
    try {
      const { root } = this.#vitest.config
      const run = this.#resources.use(await this.#start({ root, signal: this.#interrupt.signal }))
      const coordinator = this.#resources.use(await startCoordinator(run.guide))
      this.#vitest.provide('faultline', {
        ...run.provide,
        coordinator: coordinator.address,
        attemptsBefore: {},
      })
      return run
    } catch (error) {
      this.#vitest.logger.error(`faultline: failures carry no verdicts in this run: ${messageOf(error)}`)
      return undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#interrupt.abort(new Error('Vitest is closing'))
    await this.#resources.disposeAsync()
  }
}

function emptyResults() {
  return { attempts: [] as Attempt[], blocked: [] as Blocked[], skipped: [] as Skipped[] }
}
