import { InfrastructureAwareTest, type TestInit } from '../infrastructure-aware-test.ts'

/**
 * One thing that a test can do: reach the API, query the database, hold a WebSocket, drive a browser. It is made when
 * the test first uses it, and closes itself by `init.scope.cleanup`.
 */
export interface Power<Name extends string, Value> {
  readonly name: Name
  create(init: TestInit): Value
}

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
 * the test, made on first use.
 */
export function testWith<const Powers extends readonly AnyPower[]>(...powers: Powers): TestClassWith<Powers> {
  class TestWithPowers extends InfrastructureAwareTest {
    constructor(init: TestInit) {
      super(init)
      for (const power of powers) {
        let made: { value: unknown } | undefined
        Object.defineProperty(this, power.name, {
          get: () => {
            made ??= { value: power.create(init) }
            return made.value
          },
        })
      }
    }
  }
  return TestWithPowers as unknown as TestClassWith<Powers>
}
