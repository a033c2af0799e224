import { expect, test } from 'vitest'
import { messageOf } from '#core'
import { targetAt } from '../servers.test-data.ts'
import { checkAgentConfig } from './config.ts'

const sound = {
  host: '0.0.0.0',
  port: 8800,
  token: 'a-token-of-enough-length',
  targets: [
    targetAt('postgres', 'postgres://ada:lovelace@db:5432/chat', {
      target: 'database',
      link: 'app/database',
    }),
  ],
}

function problemOf(raw: unknown): string {
  try {
    checkAgentConfig(raw)
    return 'none'
  } catch (error) {
    return messageOf(error)
  }
}

test('a sound configuration is given back', () => {
  expect(checkAgentConfig(sound)).toEqual(sound)
})

test.each([
  ['no object', 7, 'it is not an object'],
  ['a port out of range', { ...sound, port: 70_000 }, '`port`'],
  ['a short token', { ...sound, token: 'short' }, '`token`'],
  ['no list of targets', { ...sound, targets: {} }, '`targets`'],
  ['a target that is no object', { ...sound, targets: [7] }, '`targets[0]`'],
  [
    'a link that is none',
    { ...sound, targets: [{ ...sound.targets[0], link: 'database' }] },
    '`targets[0].link`',
  ],
  [
    'an unknown vantage',
    { ...sound, targets: [{ ...sound.targets[0], vantage: 'above' }] },
    '`targets[0].vantage`',
  ],
  ['no limit', { ...sound, targets: [{ ...sound.targets[0], timeoutMs: 0 }] }, '`targets[0].timeoutMs`'],
  [
    'an address of another protocol',
    { ...sound, targets: [{ ...sound.targets[0], protocol: 'http' }] },
    '`targets[0].address`',
  ],
  [
    'a target twice',
    { ...sound, targets: [sound.targets[0], sound.targets[0]] },
    '`database over app/database` is declared more than once',
  ],
])('%s is a problem, told without a secret', (_what, raw, part) => {
  expect(problemOf(raw)).toContain(part)
  expect(problemOf(raw)).not.toContain('lovelace')
})

test('all problems are told at once', () => {
  const text = problemOf({ ...sound, host: 1, port: -1 })
  expect(text).toContain('`host`')
  expect(text).toContain('`port`')
})
