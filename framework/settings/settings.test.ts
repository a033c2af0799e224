import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFaultlineError, secret } from '#core'
import { completeSettings } from './settings.ts'

const app = {
  owner: 'sut',
  protocol: 'http',
  uses: {},
  egress: 'default',
  url: 'http://staging.test',
  health: '/health',
}
const staging = { kind: 'remote', entry: 'app', services: { app }, faults: 'refused' }
const valid = { environments: { staging }, tests: ['e2e/**/*.test.ts'] }

function complete(raw: unknown, environment?: string) {
  const loaded = { file: '/project/faultline.config.ts', folder: '/project', raw }
  return completeSettings(loaded, { checkDefinition: () => [], ...(environment ? { environment } : {}) })
}

function mistakesOf(raw: unknown): string {
  try {
    complete(raw)
  } catch (error) {
    if (isFaultlineError(error)) return `${error.code} ${error.exit} ${error.message}`
    throw error
  }
  return 'none'
}

test('a minimal configuration is completed with the defaults of its kind of environment', () => {
  expect(complete(valid)).toMatchObject({
    environment: { name: 'staging' },
    samplingIntervalMs: 1000,
    policy: {
      recoveryWaitMs: 120_000,
      onRequiredDown: 'graceful-skip',
      retries: 3,
      retryDelayMs: 2000,
      timeoutMultiplier: 1.5,
    },
  })
})

test('every mistake is named at once, with the key that was probably meant', () => {
  const raw = { ...valid, polcy: {}, policy: { retries: 'three', onRequiredDown: 'failfast' } }
  expect(mistakesOf(raw)).toBe(`FL1001 78 /project/faultline.config.ts has 3 mistakes:
  policy.onRequiredDown: expected "graceful-skip" or "fail-fast", not "failfast"; did you mean "fail-fast"?
  policy.retries: expected number, received string
  polcy: is not a key that is known here; did you mean "policy"?`)
})

test('a mistyped key inside an environment is named by its whole path', () => {
  const raw = {
    ...valid,
    environments: { staging: { ...staging, services: { app: { ...app, ownr: 'sut' } } } },
  }
  expect(mistakesOf(raw)).toContain(
    'environments.staging.services.app.ownr: is not a key that is known here; did you mean "owner"?',
  )
})

test('a token that is not marked as secret is refused without being printed', () => {
  const raw = {
    ...valid,
    environments: {
      staging: { ...staging, agent: { url: 'ws://agent.test:9000', token: 'hunter2hunter2' } },
    },
  }
  expect(mistakesOf(raw)).toContain('environments.staging.agent.token: expected secret(…)')
  expect(mistakesOf(raw)).not.toContain('hunter2')
})

test('a secret passes as a database URL', () => {
  const database = {
    ...app,
    owner: 'platform',
    protocol: 'postgres',
    url: secret('postgres://u:p@db.test/x'),
  }
  expect(
    mistakesOf({ ...valid, environments: { staging: { ...staging, services: { app, database } } } }),
  ).toBe('none')
})

test('a probe of one’s own is completed, and a custom one is found from the root', () => {
  const probes = {
    certificate: { protocol: 'tls', address: 'tls://staging.test:443' },
    queue: { protocol: 'custom', address: 'probes/queue.ts' },
  }
  expect(complete({ ...valid, probes }).probes).toEqual([
    {
      target: 'certificate',
      vantage: 'runner',
      protocol: 'tls',
      address: 'tls://staging.test:443',
      timeoutMs: 5000,
      slowMs: 1000,
    },
    {
      target: 'queue',
      vantage: 'runner',
      protocol: 'custom',
      address: 'file:///project/probes/queue.ts',
      timeoutMs: 5000,
      slowMs: 1000,
    },
  ])
})

test('a probe must not pass for a service', () => {
  expect(
    mistakesOf({ ...valid, probes: { app: { protocol: 'tcp', address: 'tcp://staging.test:443' } } }),
  ).toContain('probes.app: is the name of a service')
})

test('an environment that is not defined is refused by name', () => {
  expect(() => complete(valid, 'stagging')).toThrow(
    /no environment is named "stagging"; did you mean "staging"\?/,
  )
})

test('a file without a default export says what to export', () => {
  expect(mistakesOf(undefined)).toContain('expected `export default defineConfig({ … })`')
})

test('whatever the file exports, the check ends in settings or in a configuration error', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.anything(),
        fc.record({ environments: fc.anything(), tests: fc.anything(), policy: fc.anything() }),
      ),
      (raw) => {
        expect(mistakesOf(raw)).toMatch(/^(none|FL100[15] 78 )/)
      },
    ),
    { numRuns: 500 },
  )
})
