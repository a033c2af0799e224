import type { Reporter, SerializedError, TestCase, TestModule, TestSuite } from 'vitest/node'
import { now } from '#core'
import type { SignalPhase } from '#evidence'
import type { Attempt, HostEvents } from '#run'
import { unpacked } from '../quiet-pass.ts'
import { blocksAround, testIdOf } from './definitions.ts'
import { unreportedAttempt } from './unreported.ts'

/** A test process. */
export interface WorkerInfo {
  readonly name: string
  readonly pid: number
}

/** What one Vitest run is watched for. */
export interface WatchOptions {
  readonly events: HostEvents
  /** Test ids that should report, or whatever there is; what hasn't at the end is a failed attempt. */
  readonly expected: ReadonlySet<string> | 'all'
  /** How many attempts a test has behind it. */
  attemptsBefore(testId: string): number
  onWorker(worker: WorkerInfo): void
}

/**
 * Reads one Vitest run as attempts. Workers write their attempts into the meta of tests; what no worker lived to write
 * (a file that can't be loaded, a hook of a block that failed, a lost worker) is made up for at the end.
 */
export class RunObserver implements Reporter {
  readonly #watch: WatchOptions
  readonly #workers = new Map<string, WorkerInfo>()
  readonly #startedAt = new Map<string, number>()
  readonly #settled = new Set<string>()
  readonly #attempts = new Map<string, number>()

  constructor(watch: WatchOptions) {
    this.#watch = watch
  }

  onTestModuleCollected(module: TestModule): void {
    const info = module.meta().faultlineWorker
    if (!info) return
    const worker = { name: info.worker, pid: info.pid }
    this.#workers.set(module.moduleId, worker)
    this.#watch.onWorker(worker)
  }

  onTestCaseReady(test: TestCase): void {
    const id = testIdOf(test)
    if (!this.#isExpected(id) || isLeftOut(test)) return
    this.#startedAt.set(id, now())
  }

  onTestCaseResult(test: TestCase): void {
    const id = testIdOf(test)
    if (!this.#isExpected(id)) return
    const { events } = this.#watch
    const outcome = test.meta().faultlineOutcome
    const whose = { testId: id, worker: this.#workerOf(test.module) }
    const attempts = (outcome?.attempts ?? []).map((one) => unpacked(one, whose))
    for (const attempt of attempts) this.#report(attempt)
    const result = test.result()
    if (outcome?.blocked) {
      const { by: blockedBy, strategy } = outcome.blocked
      this.#settled.add(id)
      events.blocked({ testId: id, at: now(), blockedBy, strategy })
    } else if (outcome?.skipped) {
      this.#skip(id, outcome.skipped)
    } else if (isLeftOut(test)) {
      this.#skip(id, 'marked')
    } else if (result.state === 'failed' && attempts.at(-1)?.outcome !== 'failed') {
      this.#fail(id, test.module, 'tear-down', result.errors)
    }
  }

  /** Settles what hasn't been reported, once Vitest is done. */
  settle(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    for (const module of modules) {
      for (const test of this.#expectedIn(module)) this.#settleTest(test, unhandled)
      for (const block of [module, ...module.children.allSuites()]) this.#settleLateErrors(block)
      this.#settleUnhandled(module, unhandled)
      this.#settleUnloaded(module)
    }
    if (this.#watch.expected === 'all') return
    for (const id of this.#watch.expected)
      if (!this.#settled.has(id)) this.#fail(id, undefined, 'set-up', orLost(unhandled))
  }

  #settleTest(test: TestCase, unhandled: readonly SerializedError[]): void {
    const id = testIdOf(test)
    if (this.#settled.has(id)) return
    const hookErrors = blocksAround(test).flatMap((block) => block.errors())
    if (hookErrors.length > 0) this.#fail(id, test.module, 'set-up', hookErrors)
    else if (test.result().state === 'skipped') this.#skip(id, 'marked')
    else this.#fail(id, test.module, this.#startedAt.has(id) ? 'act' : 'set-up', orLost(unhandled))
  }

  /** A block whose tests ran and whose `afterAll` failed: the failure is that of its last test, so that a rerun can clear it. */
  #settleLateErrors(block: TestSuite | TestModule): void {
    const direct = block.errors()
    if (direct.length === 0) return
    const last = [...block.children.allTests()].filter((test) => this.#startedAt.has(testIdOf(test))).at(-1)
    if (last) this.#fail(testIdOf(last), last.module, 'tear-down', direct)
  }

  /** What was thrown past every test is a failure of the test that was running, or else of the file's last one. */
  #settleUnhandled(module: TestModule, unhandled: readonly SerializedError[]): void {
    for (const error of unhandled.filter(({ VITEST_TEST_PATH }) => VITEST_TEST_PATH === module.moduleId)) {
      const tests = this.#expectedIn(module).filter((test) => this.#startedAt.has(testIdOf(test)))
      const named = tests.find((test) => test.name === error['VITEST_TEST_NAME'])
      const test = named ?? tests.at(-1)
      if (test) this.#fail(testIdOf(test), module, 'act', [error])
    }
  }

  #settleUnloaded(module: TestModule): void {
    const errors = module.errors()
    const file = module.relativeModuleId
    if (errors.length === 0 || module.children.size > 0) return
    const expected = this.#watch.expected === 'all' ? [file] : this.#watch.expected
    for (const id of expected)
      if (!this.#settled.has(id) && (id === file || id.startsWith(`${file} > `)))
        this.#fail(id, module, 'set-up', errors)
  }

  #expectedIn(module: TestModule): TestCase[] {
    return [...module.children.allTests()].filter((test) => this.#isExpected(testIdOf(test)))
  }

  #isExpected(id: string): boolean {
    return this.#watch.expected === 'all' || this.#watch.expected.has(id)
  }

  #next(id: string): number {
    return (this.#attempts.get(id) ?? this.#watch.attemptsBefore(id)) + 1
  }

  #workerOf(module: TestModule | undefined): string {
    return (module && this.#workers.get(module.moduleId)?.name) ?? 'worker:none'
  }

  #skip(testId: string, reason: 'marked' | 'replaced' | 'not-degraded'): void {
    this.#settled.add(testId)
    this.#watch.events.skipped({ testId, at: now(), reason })
  }

  #report(attempt: Attempt): void {
    this.#settled.add(attempt.testId)
    this.#attempts.set(attempt.testId, attempt.n)
    this.#watch.events.attemptEnded(attempt)
  }

  #fail(
    testId: string,
    module: TestModule | undefined,
    phase: SignalPhase,
    errors: readonly unknown[],
  ): void {
    const startedAt = this.#settled.has(testId) ? undefined : this.#startedAt.get(testId)
    this.#report(
      unreportedAttempt({
        testId,
        testFile: module?.moduleId ?? testId,
        n: this.#next(testId),
        worker: this.#workerOf(module),
        phase,
        errors,
        ...(startedAt !== undefined && { startedAt }),
      }),
    )
  }
}

/** Whether the test is listed only: `skip`, `todo`, or not among those selected. */
function isLeftOut(test: TestCase): boolean {
  return test.options.mode === 'skip' || test.options.mode === 'todo'
}

function orLost(unhandled: readonly SerializedError[]): readonly unknown[] {
  return unhandled.length > 0 ? unhandled : [new Error('The test process was lost before it reported.')]
}
