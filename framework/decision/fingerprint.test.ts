import { expect, test } from 'vitest'
import type { Attempt } from '#run'
import { fingerprintOf, plainMessage } from './fingerprint.ts'

const root = '/work/project'
const stack = (line: number, file = `${root}/suites/a.test.ts`) =>
  `Error: x\n    at inner (file://${root}/node_modules/lib/i.js:3:4)\n    at visit (file://${file}:${line}:9)`

function failed(message: string, change: Partial<Attempt> = {}): Attempt {
  return {
    ...{ testId: 'a.test.ts > answers', n: 1, outcome: 'failed', startedAt: 0, durationMs: 1 },
    ...{ strategy: 'normal', timeoutFactor: 1, worker: 'worker:1', signals: [], exchanges: [], patient: [] },
    errors: [{ name: 'Error', message, stack: stack(10), phase: 'act' }],
    ...change,
  }
}
const status = (code: string): Partial<Attempt> => ({
  signals: [
    {
      kind: 'http-status',
      code,
      stableCode: 'HTTP.STATUS',
      family: 'answered-error',
      match: `GET / ${code}`,
    },
  ],
})
const printOf = (message: string, change?: Partial<Attempt>) => fingerprintOf(failed(message, change), root)

test.for([
  ['a number', 'took 12.5 ms', 'took 3 ms'],
  [
    'an id',
    'no thread 6f9619ff-8b86-d011-b42d-00c04fc964ff',
    'no thread 7f9619ff-8b86-d011-b42d-00c04fc964fe',
  ],
  ['a hash', 'build deadbeef1234 is away', 'build 0badc0de4321 is away'],
  ['an address', 'GET http://127.0.0.1:4321/a failed', 'GET http://10.0.0.1:80/b failed'],
  ['a path', "open '/tmp/run 1/file.txt'", "open '/var/lib/other/file.txt'"],
  ['a colour', '\u001B[31mbad\u001B[39m', 'bad'],
] as const)('%s in the message doesn’t count', ([, one, other]) => {
  expect(printOf(one)).toBe(printOf(other))
})

test('the line of the frame doesn’t count, its file does', () => {
  const at = (line: number, file?: string) =>
    printOf('x', { errors: [{ name: 'Error', message: 'x', stack: stack(line, file), phase: 'act' }] })
  expect(at(10)).toBe(at(99))
  expect(at(10)).not.toBe(at(10, `${root}/suites/b.test.ts`))
})

test('a 503 isn’t a 500', () => {
  expect(printOf('x', status('503'))).not.toBe(printOf('x', status('500')))
})

test('another text, test or kind of error is another failure', () => {
  const prints = [
    printOf('one'),
    printOf('other'),
    printOf('one', { testId: 'b.test.ts > asks' }),
    printOf('one', { errors: [{ name: 'TypeError', message: 'one', stack: stack(10), phase: 'act' }] }),
  ]
  expect(new Set(prints).size).toBe(prints.length)
})

test('an attempt that passed has none', () => {
  expect(fingerprintOf(failed('x', { outcome: 'passed' }), root)).toBeNull()
})

test('a long message is read in no time', () => {
  const began = performance.now()
  for (const text of ['a1'.repeat(50_000), '/a'.repeat(50_000), '1.'.repeat(50_000)]) plainMessage(text)
  expect(performance.now() - began).toBeLessThan(2_000)
})
