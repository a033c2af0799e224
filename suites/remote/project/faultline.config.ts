import { defineConfig, remote, secret } from 'faultline'

function variable(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

const agentUrl = process.env['AGENT_URL']

export default defineConfig({
  environments: {
    staging: remote({
      entry: 'app',
      services: {
        database: { owner: 'platform', protocol: 'postgres', url: secret(variable('DATABASE_URL')) },
        auth: { owner: 'sut', protocol: 'http', uses: { database: 'required' } },
        model: { owner: 'external', protocol: 'http' },
        analytics: { owner: 'sut', protocol: 'http' },
        app: {
          owner: 'sut',
          protocol: 'http',
          url: variable('STAGING_URL'),
          uses: { database: 'required', auth: 'required', model: 'optional', analytics: 'optional' },
        },
      },
      ...(agentUrl && { agent: { url: agentUrl, token: secret(variable('AGENT_TOKEN')) } }),
      control: variable('CONTROL_URL'),
    }),
  },
  tests: ['suites/staging/*.test.ts'],
  // A staging far away would be waited for longer.
  policy: { recoveryWaitMs: 3000 },
})
