import { defineConfig, defineEnvironment, node } from 'faultline'

export default defineConfig({
  environments: {
    local: defineEnvironment({ entry: 'app', services: { app: node('app.ts', { health: '/healthz' }) } }),
  },
  tests: ['e2e/**/*.e2e.ts'],
})
