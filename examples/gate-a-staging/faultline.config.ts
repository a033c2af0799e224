import { defineConfig, remote } from 'faultline'

export default defineConfig({
  environments: {
    staging: remote({
      entry: 'app',
      services: {
        app: {
          owner: 'sut',
          protocol: 'http',
          url: process.env.STAGING_URL ?? 'http://127.0.0.1:3000',
          health: '/healthz',
        },
      },
    }),
  },
  tests: ['e2e/**/*.e2e.ts'],
})
