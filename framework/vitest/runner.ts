import {
  inject,
  type RunnerTestCase,
  type RunnerTestFile,
  type SerializedConfig,
  type TestContext,
  TestRunner,
  type TestTryOptions,
} from 'vitest'
import { orAbort } from '#core'
import { isSkip, SeveralErrors } from './errors.ts'
import type { OutcomeMeta } from './meta.ts'
import { closeBrowser } from './powers/browser-of-worker.ts'
import { unguidedSettings } from './provided.ts'
import { packed, unpacked } from './quiet-pass.ts'
import { AttemptScope } from './scope.ts'
import { findOwner, joinRun, type Worker, workerName } from './worker.ts'

/** A running attempt, and how many of Vitest's errors for it we have already noted ourselves. */
interface Running {
  readonly scope: AttemptScope
  errorsNoted: number
  /** False until the run's owner has let it run: an attempt that was held back is none. */
  begun: boolean
}

/**
 * Vitest's own runner, with Faultline around each attempt: it asks how to proceed before the first hook, notes what
 * fails at the moment it fails, and writes what became of the attempt into the test's meta. It sees every test,
 * whoever defined it, and waits for recovery outside the test's timeout.
 */
export default class FaultlineRunner extends TestRunner {
  readonly #running = new WeakMap<RunnerTestCase, Running>()
  readonly #provided = inject('faultline') ?? unguidedSettings
  readonly #leaving = new AbortController()
  /** Sought while test files are loaded. */
  readonly #owner = findOwner(this.#provided, this.#leaving.signal)
  #worker: Worker | undefined

  constructor(config: SerializedConfig) {
    super(config)
    this.onCleanupWorkerContext?.(async () => {
      await closeBrowser()
      this.#worker?.[Symbol.dispose]()
      // Where no file could be loaded, nobody waits for the owner any more.
      if (!this.#worker) this.#leaving.abort()
      const owner = await this.#owner
      await owner?.[Symbol.asyncDispose]()
    })
  }

  override onCollectStart(file: RunnerTestFile): void {
    super.onCollectStart(file)
    file.meta.faultlineWorker = { worker: workerName, pid: process.pid }
  }

  // A file that waits for ever at its top level is one that can't be loaded.
  override importFile(filepath: string, source: 'collect' | 'setup'): Promise<unknown> {
    const limitMs = this.#provided.importLimitMs
    const limit = AbortSignal.timeout(limitMs)
    return orAbort(Promise.resolve(super.importFile(filepath, source)), limit).catch((error) => {
      throw limit.aborted ? new Error(`${filepath} was not loaded within ${limitMs} ms`) : error
    })
  }

  async onBeforeRunFiles(): Promise<void> {
    this.#worker ??= joinRun(this.#provided, await this.#owner)
  }

  override extendTaskContext(context: TestContext): TestContext {
    const extended = super.extendTaskContext(context)
    const scopeOf = () => this.#running.get(context.task as RunnerTestCase)?.scope
    Object.defineProperty(extended, 'faultlineScope', { get: scopeOf })
    return extended
  }

  // Not async, because the capture has to be entered in the caller's own asynchronous context.
  override onBeforeTryTask(test: RunnerTestCase, options: TestTryOptions): Promise<void> {
    super.onBeforeTryTask(test, options)
    const scope = this.#scopeOf(test)
    const running: Running = { scope, errorsNoted: test.result?.errors?.length ?? 0, begun: false }
    this.#running.set(test, running)
    this.#worker?.capture.enter(scope.key)
    return this.#begin(test, running)
  }

  #scopeOf(test: RunnerTestCase): AttemptScope {
    const worker = this.#worker
    if (!worker) throw new Error('a test ran before its worker had joined the run')
    const before = worker.settings.attemptsBefore[test.fullName] ?? 0
    return new AttemptScope({
      testId: test.fullName,
      testFile: test.file.filepath,
      n: before + outcomeOf(test).attempts.length + 1,
      worker: workerName,
      needs: test.meta.faultline?.needs ?? {},
      settings: worker.settings,
      coordinator: worker.coordinator,
      capture: worker.capture,
      redactor: worker.redactor,
    })
  }

  async #begin(test: RunnerTestCase, running: Running): Promise<void> {
    const reply = await running.scope.begin(test.meta.faultline ?? {}, test.context.signal)
    switch (reply.kind) {
      case 'run':
        running.begun = true
        return
      case 'blocked': {
        const { blockedBy, strategy } = reply.choice
        const blocked = {
          by: blockedBy,
          strategy: strategy === 'fail-fast' ? strategy : 'graceful-skip',
        } as const
        setOutcome(test, { blocked })
        await test.context.annotate(`blocked: ${blockedBy.join(', ')} is down`, 'faultline')
        return test.context.skip(`blocked by ${blockedBy.join(', ')}`)
      }
      case 'skip':
        setOutcome(test, { skipped: reply.reason })
        return test.context.skip(reply.reason)
    }
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const running = this.#running.get(test)
    const body = TestRunner.getTestFn(test)
    if (!running) return body()
    running.scope.phase = 'act'
    try {
      await body()
      await noteErrors(test, running)
    } catch (error) {
      // What `expect.soft` left came before the error that ended the body.
      await noteErrors(test, running)
      if (!isSkip(error)) {
        running.errorsNoted += countByVitest(error)
        for (const one of error instanceof SeveralErrors ? error.errors : [error])
          await running.scope.failing(one)
      }
      throw error
    }
  }

  async onTaskFinished(test: RunnerTestCase): Promise<void> {
    const running = this.#running.get(test)
    if (!running?.begun) return
    await noteErrors(test, running)
    running.scope.bodyEnded()
  }

  override async onAfterRetryTask(test: RunnerTestCase, options: TestTryOptions): Promise<void> {
    await super.onAfterRetryTask(test, options)
    const running = this.#running.get(test)
    if (!running) return
    await noteErrors(test, running)
    await running.scope.close()
    if (!running.begun || test.result?.state === 'skip') return
    const { attempts } = outcomeOf(test)
    const whose = { testId: test.fullName, worker: workerName }
    const earlier = attempts.map((one) => unpacked(one, whose))
    const attempt = await running.scope.finish(earlier, { failureExpected: test.fails === true })
    setOutcome(test, { attempts: [...attempts, packed(attempt, whose)] })
  }
}

/** Notes the errors that Vitest has gathered for this attempt since we last looked. */
async function noteErrors(test: RunnerTestCase, running: Running): Promise<void> {
  const errors = test.result?.errors ?? []
  const fresh = errors.slice(running.errorsNoted)
  running.errorsNoted = errors.length
  for (const error of fresh) await running.scope.failing(error)
}

/** How many errors Vitest makes of one that was thrown: it takes groups apart. */
function countByVitest(error: unknown): number {
  if (Array.isArray(error)) return error.reduce((sum, one) => sum + countByVitest(one), 0)
  return error instanceof AggregateError ? error.errors.length : 1
}

function outcomeOf(test: RunnerTestCase): OutcomeMeta {
  return test.meta.faultlineOutcome ?? { attempts: [] }
}

function setOutcome(test: RunnerTestCase, outcome: Partial<OutcomeMeta>): void {
  test.meta.faultlineOutcome = { ...outcomeOf(test), ...outcome }
}
