import type { ExpectStatic, TestContext } from 'vitest'
import type { HealthStatus } from '#health'
import { healthOf, type PatienceOptions } from '#run'
import type { StrategyChoice } from '#strategy'
import type { Needs } from '#topology'
import type { AttemptScope } from './scope.ts'

/** What a test object is made with: one for each attempt. */
export interface TestInit {
  readonly scope: AttemptScope
  readonly context: TestContext
  /** Ends with the test: at its time limit, or when the run is interrupted. */
  readonly signal: AbortSignal
}

/** Called before `setUp`: makes what takes a while to make. */
export const preparePowers: unique symbol = Symbol('preparePowers')

/**
 * The base of every test class. One object is one attempt: made before `setUp`, gone after `tearDown`. Subclasses add
 * shared steps as methods, and say what they need in `static needs`.
 */
export class InfrastructureAwareTest {
  /** What the tests of this class depend on, by service name. */
  static readonly needs: Needs = {}
  /** The time that the body of one test may take on healthy infrastructure, in ms; the strategy stretches it. */
  static readonly timeoutMs: number = 30_000

  readonly #init: TestInit

  constructor(init: TestInit) {
    this.#init = init
  }

  /** Vitest's `expect`, bound to this test. */
  get expect(): ExpectStatic {
    return this.#init.context.expect
  }

  /** Aborts at the test's time limit, or when the run is interrupted. */
  get signal(): AbortSignal {
    return this.#init.signal
  }

  /** Which attempt of this test it is in this run, 1 for the first. */
  get attempt(): number {
    return this.#init.scope.n
  }

  /** How this attempt proceeds, and why. */
  get strategy(): StrategyChoice {
    return this.#init.scope.choice
  }

  async [preparePowers](): Promise<void> {}

  /** Before each test. What fails here failed in set-up. */
  async setUp(): Promise<void> {}

  /** After each test, also after one that failed. */
  async tearDown(): Promise<void> {}

  /**
   * Runs `work`, again after failures that may pass by themselves: not after an unmet expectation, a 4xx answer or a
   * mistake of the caller. Each try has its own signal and limit, stretched by the strategy.
   */
  patiently<T>(
    operation: string,
    work: (signal: AbortSignal) => Promise<T>,
    options: PatienceOptions = {},
  ): Promise<T> {
    return this.#init.scope.patiently(operation, work, options, this.signal)
  }

  /** The health of each needed service, now; `unknown` when nobody looks. */
  async health(): Promise<Readonly<Record<string, HealthStatus>>> {
    return healthOf(await this.#init.scope.health(this.signal), this.#init.scope.needs)
  }

  /** Runs `work` and fails when a needed service was well before it and isn't after it. */
  async assertHealthMaintained<T>(work: () => Promise<T>): Promise<T> {
    const before = await this.health()
    const value = await work()
    const after = await this.health()
    const wellBefore = Object.keys(before).filter((service) => before[service] === 'healthy')
    const fallen = wellBefore.filter(
      (service) => after[service] !== 'healthy' && after[service] !== 'unknown',
    )
    this.expect(Object.fromEntries(fallen.map((service) => [service, after[service]]))).toEqual({})
    return value
  }
}

/** A test class, as `describeWith` takes it. */
export interface TestClass<T extends InfrastructureAwareTest> {
  new (init: TestInit): T
  readonly needs: Needs
  readonly timeoutMs: number
}
