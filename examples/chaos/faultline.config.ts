import { defineConfig, defineEnvironment, node } from 'faultline'

export default defineConfig({
  environments: {
    local: defineEnvironment({
      entry: 'app',
      services: {
        app: node('app.ts', {
          uses: { analytics: { variable: 'ANALYTICS_URL', need: 'optional' } },
          health: '/healthz',
        }),
        analytics: node('analytics.ts', { health: '/healthz' }),
      },
    }),
  },
  tests: ['e2e/**/*.e2e.ts'],
})
