import { expect, test } from 'vitest'
import { secret } from '#core'
import { defineEnvironment, node, remote } from '#environment'
import { refuseProduction } from './chaos-guard.ts'

const staging = (url: string, faults: 'allowed' | 'refused' = 'allowed') =>
  remote({ entry: 'app', services: { app: { owner: 'sut', protocol: 'http', url } }, faults })

const refusal = (name: string, definition: Parameters<typeof refuseProduction>[0]['definition']) => {
  try {
    refuseProduction({ name, definition })
    return undefined
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('a staging that allows faults may be disturbed', () => {
  expect(refusal('staging', staging('https://app.staging.example.com'))).toBeUndefined()
  expect(refusal('staging', staging('https://products.example.com'))).toBeUndefined()
})

test('an environment that doesn’t allow faults is refused', () => {
  expect(refusal('staging', staging('https://app.staging.example.com', 'refused'))).toBe('FL4002')
})

test.each([
  ['production', 'https://app.example.com'],
  ['eu-prod', 'https://app.example.com'],
  ['staging', 'https://app.prod.example.com'],
  ['staging', 'https://production-app.example.com'],
  ['staging', 'https://live.example.com'],
])('what looks like production is refused, whatever it allows: %s %s', (name, url) => {
  expect(refusal(name, staging(url))).toBe('FL4002')
})

test('a database of production gives it away too', () => {
  const definition = remote({
    entry: 'app',
    services: {
      app: { owner: 'sut', protocol: 'http', url: 'https://app.staging.example.com' },
      database: { owner: 'platform', protocol: 'postgres', url: secret('postgres://u:p@db-prod.internal/x') },
    },
    faults: 'allowed',
  })
  expect(refusal('staging', definition)).toBe('FL4002')
})

test('what Faultline starts itself is its own, whatever its name', () => {
  expect(
    refusal('production', defineEnvironment({ entry: 'app', services: { app: node('app.ts') } })),
  ).toBeUndefined()
})
