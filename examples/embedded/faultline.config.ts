import { defineConfig, defineEnvironment, node, postgres } from 'faultline'

export default defineConfig({
  environments: {
    local: defineEnvironment({
      entry: 'app',
      services: {
        app: node('app.ts', { uses: { database: 'DATABASE_URL' }, health: '/healthz' }),
        database: postgres({ version: 18 }),
      },
    }),
  },
  tests: ['e2e/**/*.e2e.ts'],
})
