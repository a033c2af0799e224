import { expect, test } from 'vitest'
import type { Observation } from './observation.ts'
import { renderObservations } from './table.ts'

const seen: Observation = {
  at: 0,
  target: 'database',
  link: 'app/database',
  vantage: 'app-side',
  connection: 'kept',
  outcome: 'unwell',
  code: '57P03',
  detail: 'the database system is\nstarting up\u001b[2J',
  phases: { connectMs: 0.42, totalMs: 12 },
}

test('every look is one line, and columns are aligned', () => {
  const entry: Observation = {
    at: 0,
    target: 'app',
    vantage: 'runner',
    connection: 'new',
    outcome: 'ok',
    phases: { dnsMs: 1, connectMs: 2, tlsMs: 3, firstByteMs: 1234.56, totalMs: 1240.56 },
  }
  expect(renderObservations([seen, entry])).toBe(
    [
      'target    link          vantage   connection  outcome         dns ms  connect ms  tls ms  first byte ms  total ms  detail',
      'database  app/database  app-side  kept        unwell (57P03)       -         0.4       -              -      12.0  the database system is starting up [2J',
      'app       -             runner    new         ok                 1.0         2.0     3.0         1234.6    1240.6',
      '',
    ].join('\n'),
  )
})

test('without observations there is the header alone', () => {
  expect(renderObservations([]).trim().split('\n')).toHaveLength(1)
})
