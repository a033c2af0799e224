// The types that users lean on, held by the compiler: what must be accepted is, and what must be refused is marked as an
// expected error, which is itself an error where nothing is wrong. Compiled by `npm run check`; never run.
import {
  correctShare,
  defineConfig,
  defineEnvironment,
  defineExperiment,
  type FaultlineConfig,
  latency,
  node,
  postgres,
  type RunReport,
  remote,
  secret,
} from 'faultline'
import { type ProxyServer, startProxyServer } from 'faultline/proxy'
import { ApiTest, DatabaseTest, describeWith, http, test, testWith, ws } from 'faultline/vitest'
import type pg from 'pg'
import { expectTypeOf } from 'vitest'

const environment = defineEnvironment({
  entry: 'app',
  services: {
    app: node('app.ts', { uses: { database: 'DATABASE_URL' } }),
    database: postgres({ version: 18 }),
  },
})
expectTypeOf(
  defineConfig({ environments: { local: environment }, tests: ['*.ts'] }),
).toEqualTypeOf<FaultlineConfig>()

// @ts-expect-error: a configuration names its tests
defineConfig({ environments: { local: environment } })
// @ts-expect-error: a mistyped key
defineConfig({ environments: { local: environment }, tests: [], polcy: {} })
// @ts-expect-error: a version that there is no PostgreSQL of
postgres({ version: 12 })
// @ts-expect-error: an owner that there is none of
node('app.ts', { owner: 'nobody' })
remote({
  entry: 'app',
  services: { app: { owner: 'sut', protocol: 'http', url: 'http://x.test' } },
  agent: { url: 'ws://x.test', token: secret('a token that is long') },
})
remote({
  entry: 'app',
  services: { app: { owner: 'sut', protocol: 'http', url: 'http://x.test' } },
  // @ts-expect-error: a token that could be printed
  agent: { url: 'ws://x.test', token: 'a token that is long' },
})

defineExperiment({
  name: 'typed',
  faults: ['latency=200ms@app/database'],
  blastRadius: [],
  load: { journeys: {}, ratePerSecond: 1, durationMs: 1 },
  steadyState: [correctShare({ atLeast: 1 })],
  expectations: [latency({ p99Ms: 1 })],
  recovery: { withinMs: 1 },
})
// @ts-expect-error: an experiment promises something
defineExperiment({ name: 'nothing', faults: [], blastRadius: [] })

class Both extends testWith(http, ws) {
  static override readonly needs = { database: 'required', model: 'optional' } as const
}
describeWith(Both, 'both', (it) => {
  it('has its powers, and no others', (t) => {
    expectTypeOf(t.http.get).toBeFunction()
    expectTypeOf(t.ws.connect).toBeFunction()
    // @ts-expect-error: it has no database
    t.db
  })
  it.whenDegraded('model', 'may name an optional service', () => {})
})
describeWith(DatabaseTest, 'a database', (it) => {
  it('is a pool of pg', (t) => expectTypeOf(t.db).toExtend<pg.Pool>())
})
// @ts-expect-error: a need that there is none of
class Wrong extends ApiTest {
  static override readonly needs = { database: 'sometimes' } as const
}
void Wrong
test('fixtures are typed', ({ page, db }) => {
  expectTypeOf(page.goto).toBeFunction()
  expectTypeOf(db).toExtend<pg.Pool>()
})

expectTypeOf(startProxyServer()).resolves.toEqualTypeOf<ProxyServer>()
expectTypeOf<RunReport['exitCode']>().toExtend<number>()
