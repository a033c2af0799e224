import { expect, test } from 'vitest'
import type { Service, Topology } from '#topology'
import { parseEventLine } from './parse.ts'

const service = (name: string, owner: Service['owner']): Service => ({
  ...{ name, owner, protocol: 'http', uses: {}, egress: 'net' },
})
const topology: Topology = {
  entry: 'app',
  services: { app: service('app', 'sut'), database: service('database', 'platform') },
}
const at = Date.UTC(2026, 0, 1, 12)
const read = (fields: object) =>
  parseEventLine(JSON.stringify({ at, service: 'database', ...fields }), topology, at)
const events = (fields: object) => {
  const parsed = read(fields)
  return 'events' in parsed ? parsed.events.map(({ event, at: when }) => [event, when - at]) : parsed.problem
}

test.each([
  [
    'a fail-over with its end',
    { kind: 'failover', until: at + 5_000 },
    [
      ['stopped', 0],
      ['started', 5_000],
    ],
  ],
  ['a maintenance without an end', { kind: 'maintenance' }, [['stopped', 0]]],
  [
    'a restart',
    { kind: 'restarted' },
    [
      ['stopped', 0],
      ['started', 0],
    ],
  ],
  ['an end for want of memory', { kind: 'oom-killed' }, [['oom-killed', 0]]],
  ['a time as ISO text', { kind: 'running', at: '2026-01-01T12:00:01Z' }, [['running', 1_000]]],
])('%s is read', (_what, fields, expected) => {
  expect(events(fields)).toEqual(expected)
})

test.each(['restarted', 'unavailable'])(
  'that a service of ours was %s excuses nothing: it may have been its own doing',
  (kind) => {
    expect(JSON.stringify(events({ service: 'app', kind }))).not.toContain('stopped')
  },
)

test.each([
  ['no JSON', 'restarted', 'not a JSON object'],
  ['a service that isn’t there', JSON.stringify({ at, service: 'cache', kind: 'started' }), 'app, database'],
  [
    'a name that every object has',
    JSON.stringify({ at, service: 'constructor', kind: 'started' }),
    'app, database',
  ],
  ['an unknown kind', JSON.stringify({ at, service: 'app', kind: 'gone' }), 'exited'],
  ['no time', JSON.stringify({ service: 'app', kind: 'exited' }), '`at`'],
  ['a time that lies ahead', JSON.stringify({ at: at + 3_600_000, service: 'app', kind: 'exited' }), 'ahead'],
  [
    'an end before the beginning',
    JSON.stringify({ at, until: at - 1, service: 'database', kind: 'failover' }),
    '`until`',
  ],
])('%s says nothing, and why', (_what, line, words) => {
  expect(parseEventLine(line, topology, at)).toEqual({ problem: expect.stringContaining(words) as string })
})

test('of an exit only a code and a signal’s name are taken', () => {
  const parsed = read({ kind: 'exited', code: 137, signal: 'SIGKILL; rm', note: 'token=secret' })
  expect(parsed).toEqual({ events: [{ at, service: 'database', event: 'exited', code: 137, signal: null }] })
})
