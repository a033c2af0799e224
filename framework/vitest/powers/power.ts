import { InfrastructureAwareTest, preparePowers, type TestInit } from '../infrastructure-aware-test.ts'

/**
 * One thing that a test can do: reach the API, query the database, hold a WebSocket, drive a browser. `create` makes it
 * when the test first uses it; `prepare` is for what takes a while and is awaited before `setUp`. It closes itself by
 * `init.scope.cleanup`.
 */
export type Power<Name extends string, Value> =
  | { readonly name: Name; create(init: TestInit): Value }
  | { readonly name: Name; prepare(init: TestInit): Promise<Value> }

type AnyPower = Power<string, unknown>

/** The properties that powers give to a test: `{ http: …, db: … }`. */
export type PowersOf<Powers extends readonly AnyPower[]> = {
  readonly [P in Powers[number] as P['name']]: P extends Power<string, infer Value> ? Value : never
}

/** The class that {@link testWith} makes. */
export interface TestClassWith<Powers extends readonly AnyPower[]> {
  new (init: TestInit): InfrastructureAwareTest & PowersOf<Powers>
  readonly needs: typeof InfrastructureAwareTest.needs
  readonly timeoutMs: number
}

/**
 * A base class with these powers: `class JourneyTest extends testWith(http, db, ws) {}`. Each becomes a property of
 * the test.
 */
export function testWith<const Powers extends readonly AnyPower[]>(...powers: Powers): TestClassWith<Powers> {
  class TestWithPowers extends InfrastructureAwareTest {
    readonly #init: TestInit

    constructor(init: TestInit) {
      super(init)
      this.#init = init
      for (const power of powers) if ('create' in power) lazily(this, power.name, () => power.create(init))
    }

    override async [preparePowers](): Promise<void> {
      await super[preparePowers]()
      for (const power of powers) {
        if (!('prepare' in power)) continue
        const value = await power.prepare(this.#init)
        lazily(this, power.name, () => value)
      }
    }
  }
  return TestWithPowers as unknown as TestClassWith<Powers>
}

function lazily(test: object, name: string, make: () => unknown): void {
  let made: { value: unknown } | undefined
  Object.defineProperty(test, name, {
    get: () => {
      made ??= { value: make() }
      return made.value
    },
  })
}
