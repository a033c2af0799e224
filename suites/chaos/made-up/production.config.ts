import { defineConfig, remote } from 'faultline'

/** Nobody answers there: a chaos run has to refuse it before it looks. */
export default defineConfig({
  root: '../../..',
  environments: {
    production: remote({
      entry: 'app',
      services: { app: { owner: 'sut', protocol: 'http', url: 'https://chat.example.invalid' } },
      faults: 'allowed',
    }),
  },
  tests: ['suites/staging/*.test.ts'],
})
