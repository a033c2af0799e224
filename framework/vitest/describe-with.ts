import { describe, type TestContext, test } from 'vitest'
import type { Needs } from '#topology'
import type { InfrastructureAwareTest, TestClass } from './infrastructure-aware-test.ts'
import { runClassTest } from './run-class-test.ts'

/** The body of a test: it gets the test object. What it returns is awaited and ignored. */
export type TestBody<T> = (t: T) => unknown

/** Options of one test. */
export interface ClassTestOptions {
  /** A time limit of this test's own, in ms, in place of the class's; the strategy stretches it. */
  readonly timeout?: number
  /** How often Vitest may run it again after a failure. */
  readonly retry?: number
  /** What this test needs beyond what its class needs. */
  readonly needs?: Needs
}

/** Options of a variant that runs while an optional service is down. */
export interface VariantOptions extends ClassTestOptions {
  /** The title of the test, in the same block, that it stands in for. */
  readonly insteadOf?: string
}

/** Defines one test. */
export interface DefineTest<T> {
  (title: string, body: TestBody<T>): void
  (title: string, options: ClassTestOptions, body: TestBody<T>): void
}

/** Defines the tests of a block, and their kinds. */
export interface ClassIt<T> extends DefineTest<T> {
  /** Listed, never run. */
  readonly skip: DefineTest<T>
  /** Of this file, only these run. */
  readonly only: DefineTest<T>
  /** Runs, and never decides. */
  readonly optional: DefineTest<T>
  /** One test for each case; `%s` in the title stands for the case. */
  each<Case>(cases: readonly Case[]): (title: string, body: (t: T, value: Case) => unknown) => void
  /** Runs only while `service` is down. */
  whenDegraded(service: string, title: string, body: TestBody<T>, options?: VariantOptions): void
}

/** Options of a block. */
export interface DescribeWithOptions {
  /** The tests build on each other: a rerun takes them together, in order. */
  readonly ordered?: boolean
}

/** A block of tests of one class. Each test gets an object of its own. */
export function describeWith<T extends InfrastructureAwareTest>(
  Class: TestClass<T>,
  title: string,
  define: (it: ClassIt<T>) => void,
  options: DescribeWithOptions = {},
): void {
  const ordered = options.ordered === true
  describe(title, { meta: { faultline: { needs: Class.needs, ordered } } }, () =>
    define(createIt(Class, title, ordered)),
  )
}

type Kind = 'run' | 'skip' | 'only' | 'optional'

function createIt<T extends InfrastructureAwareTest>(
  Class: TestClass<T>,
  block: string,
  ordered: boolean,
): ClassIt<T> {
  const standIns = new Map<string, string[]>()
  const standInsOf = (title: string) => {
    const services = standIns.get(title) ?? []
    standIns.set(title, services)
    return services
  }

  const add = (
    kind: Kind,
    title: string,
    options: VariantOptions,
    body: TestBody<T>,
    whenDegraded?: string,
  ) => {
    const { timeout, retry, needs, insteadOf } = options
    const meta = {
      needs: { ...Class.needs, ...needs },
      optional: kind === 'optional',
      ordered,
      insteadOfBy: standInsOf(title),
      ...(whenDegraded !== undefined && {
        variant: { whenDegraded, ...(insteadOf !== undefined && { insteadOf: `${block} > ${insteadOf}` }) },
      }),
    }
    const vitestOptions = {
      // The limit is ours to keep: it is known only when the strategy is.
      timeout: 0,
      ...(retry !== undefined && { retry }),
      skip: kind === 'skip',
      only: kind === 'only',
      meta: { faultline: meta },
    }
    test(title, vitestOptions, (context: TestContext) =>
      runClassTest(Class, { context, timeout, needs: meta.needs }, body),
    )
  }

  const definer =
    (kind: Kind): DefineTest<T> =>
    (title: string, ...rest: [TestBody<T>] | [ClassTestOptions, TestBody<T>]) =>
      rest.length === 1 ? add(kind, title, {}, rest[0]) : add(kind, title, rest[0], rest[1])

  return Object.assign(definer('run'), {
    skip: definer('skip'),
    only: definer('only'),
    optional: definer('optional'),
    each:
      <Case>(cases: readonly Case[]) =>
      (title: string, body: (t: T, value: Case) => unknown) => {
        for (const value of cases)
          add('run', title.replaceAll('%s', String(value)), {}, (t) => body(t, value))
      },
    whenDegraded(service: string, title: string, body: TestBody<T>, options: VariantOptions = {}) {
      if (options.insteadOf !== undefined) standInsOf(options.insteadOf).push(service)
      add('run', title, options, body, service)
    },
  })
}
