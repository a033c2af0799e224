import path from 'node:path'
import { defineConfig, defineEnvironment, node, postgres } from 'faultline'

const repository = path.resolve(import.meta.dirname, '../..')
const { FAULTLINE_BENCH_ROOT, FAULTLINE_BENCH_BACKEND } = process.env

/** The backend as it is, or a copy of it whose mutants a variable switches on. */
const backend = FAULTLINE_BENCH_BACKEND ?? path.join(repository, 'fixtures/backend')
const inherit = ['FIXTURE_DEFECTS', '__STRYKER_ACTIVE_MUTANT__']

/** The reference environment for many short runs: each in a folder of its own, with waits that suit tests of a second. */
export default defineConfig({
  root: FAULTLINE_BENCH_ROOT ?? repository,
  environments: {
    embedded: defineEnvironment({
      entry: 'app',
      services: {
        database: postgres({ version: 18 }),
        auth: node(path.join(backend, 'auth.ts'), { uses: { database: 'DATABASE_URL' }, inherit }),
        model: node(path.join(backend, 'model.ts'), { owner: 'external' }),
        analytics: node(path.join(backend, 'analytics.ts')),
        app: node(path.join(backend, 'main.ts'), {
          uses: {
            database: 'DATABASE_URL',
            auth: 'AUTH_URL',
            model: { variable: 'MODEL_URL', need: 'optional' },
            analytics: { variable: 'ANALYTICS_URL', need: 'optional' },
          },
          inherit,
          readiness: { path: '/health/ready', covers: ['database'] },
        }),
      },
    }),
  },
  tests: [path.join(import.meta.dirname, '{api,socket}.e2e.ts')],
  policy: { recoveryWaitMs: 4000, retries: 1, retryDelayMs: 300 },
})
