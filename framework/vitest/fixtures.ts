import type pg from 'pg'
import type { Page } from 'playwright'
import { type TestAPI, type TestContext, test as vitestTest } from 'vitest'
import type { HealthStatus } from '#health'
import { healthOf, type PatienceOptions } from '#run'
import type { StrategyChoice } from '#strategy'
import type { Needs } from '#topology'
import type { TestInit } from './infrastructure-aware-test.ts'
import type { DefinedMeta } from './meta.ts'
import { openPage } from './powers/browser.ts'
import { createPool } from './powers/database.ts'
import { createHttp, type Http } from './powers/http.ts'
import { createWebSockets, type WebSockets } from './powers/web-socket.ts'
import { scopeOf } from './scope-of.ts'

/** What a test can ask of the run that it is part of. */
export interface RunningTest {
  /** Which attempt of this test it is in this run, 1 for the first. */
  readonly attempt: number
  readonly strategy: StrategyChoice
  /** The health of each needed service, now. */
  health(): Promise<Readonly<Record<string, HealthStatus>>>
}

/** What `test` of `faultline/vitest` gives to a body: the same powers as the base classes. */
export interface FaultlineFixtures {
  readonly faultline: RunningTest
  readonly http: Http
  readonly db: pg.Pool
  readonly ws: WebSockets
  readonly page: Page
  patiently<T>(
    operation: string,
    work: (signal: AbortSignal) => Promise<T>,
    options?: PatienceOptions,
  ): Promise<T>
}

function initOf(context: TestContext): TestInit {
  return { scope: scopeOf(context, context.task.meta.faultline?.needs), context, signal: context.signal }
}

/** A config file imports this module for the plugin, outside of any worker, where there is no `test` to extend. */
const isInWorker = '__vitest_worker__' in globalThis

/** Vitest's `test` with Faultline's powers as fixtures. Each is made for the tests that name it. */
export const test: TestAPI<FaultlineFixtures> = isInWorker
  ? withPowers()
  : (vitestTest as TestAPI<FaultlineFixtures>)

function withPowers(): TestAPI<FaultlineFixtures> {
  return vitestTest.extend<FaultlineFixtures>({
    faultline: async ({ task }, use) => {
      const { scope, signal } = initOf(task.context)
      await use({
        attempt: scope.n,
        strategy: scope.choice,
        health: async () => healthOf(await scope.health(signal), scope.needs),
      })
    },
    patiently: async ({ task }, use) => {
      const { scope, signal } = initOf(task.context)
      await use((operation, work, options = {}) => scope.patiently(operation, work, options, signal))
    },
    http: async ({ task }, use) => use(createHttp(initOf(task.context))),
    db: async ({ task }, use) => use(createPool(initOf(task.context))),
    ws: async ({ task }, use) => use(createWebSockets(initOf(task.context))),
    page: async ({ task }, use) => use(await openPage(initOf(task.context))),
  })
}

/**
 * Options that say what a test, or every test of a block, needs: `test('title', needing({ database: 'required' }), body)`,
 * `describe('block', needing({ … }), …)`.
 */
export function needing(
  needs: Needs,
  options: Pick<DefinedMeta, 'optional' | 'ordered'> = {},
): { meta: { faultline: DefinedMeta } } {
  return { meta: { faultline: { needs, ...options } } }
}
