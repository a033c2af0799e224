import { defineConfig, defineEnvironment, given, node, remote, secret } from 'faultline'

const plant = JSON.parse(process.env['PLANT'] ?? '{}') as Record<string, string>
const database = `postgres://chat:${plant['databasePassword']}@127.0.0.1:${process.env['RUDE_PORT']}/chat`

export default defineConfig({
  environments: {
    own: defineEnvironment({
      entry: 'app',
      services: {
        database: given({ url: secret(database), owner: 'platform' }),
        app: node('service.mjs', {
          uses: { database: { variable: 'DATABASE_URL', need: 'optional' } },
          env: { API_KEY: plant['serviceVariable'] ?? '' },
          inherit: ['INHERITED_TOKEN', 'PLANT'],
        }),
      },
    }),
    far: remote({
      entry: 'app',
      services: {
        database: { owner: 'platform', protocol: 'postgres', url: secret(database) },
        app: {
          owner: 'sut',
          protocol: 'http',
          url: process.env['APP_URL'] ?? 'http://127.0.0.1:9',
          uses: { database: 'optional' },
        },
      },
      agent: {
        url: `http://127.0.0.1:${process.env['RUDE_PORT']}`,
        token: secret(plant['agentToken'] ?? ''),
      },
      events: {
        url: `http://127.0.0.1:${process.env['RUDE_PORT']}/events`,
        headers: { authorization: secret(`Bearer ${plant['eventsHeader']}`) },
      },
    }),
  },
  tests: [process.env['TESTS'] ?? 'suites/**/*.test.ts'],
  policy: { recoveryWaitMs: Number(process.env['WAIT_MS'] ?? 1000) },
  history: {},
  probes: {
    queue: {
      protocol: 'http',
      address: secret(
        `http://probe:${plant['probePassword']}@127.0.0.1:${process.env['RUDE_PORT']}/?access_token=${plant['probeQuery']}`,
      ),
    },
  },
})
