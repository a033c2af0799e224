import { containers, defineConfig, defineEnvironment, node, postgres } from 'faultline'

const { RECOVERY_WAIT_MS } = process.env

const chat = defineEnvironment({
  entry: 'app',
  services: {
    database: postgres({ version: 18 }),
    auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL' } }),
    model: node('fixtures/backend/model.ts', { owner: 'external' }),
    analytics: node('fixtures/backend/analytics.ts'),
    app: node('fixtures/backend/main.ts', {
      uses: {
        database: 'DATABASE_URL',
        auth: 'AUTH_URL',
        model: { variable: 'MODEL_URL', need: 'optional' },
        analytics: { variable: 'ANALYTICS_URL', need: 'optional' },
      },
      inherit: ['FIXTURE_DEFECTS'],
      readiness: { path: '/health/ready', covers: ['database'] },
    }),
  },
})

/** The same services as containers, from images that `scripts/images/build.ts` makes without a registry. */
const chatInContainers = containers({
  ...chat,
  images: {
    postgres: 'faultline.local/postgres:18',
    toxiproxy: 'faultline.local/toxiproxy:2.12.0',
    node: 'faultline.local/node:24',
  },
})

export default defineConfig({
  environments: { embedded: chat, containers: chatInContainers },
  // What a deploy waits for; the further journeys are run by name: suites/staging/journeys.
  tests: ['suites/staging/*.test.ts'],
  // Suites that hold gate after gate don't wait as long as a deploy should.
  ...(RECOVERY_WAIT_MS !== undefined && { policy: { recoveryWaitMs: Number(RECOVERY_WAIT_MS) } }),
})
