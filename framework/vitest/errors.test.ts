import { expect, test } from 'vitest'
import { attemptError, errorText, frameOf } from './errors.ts'

const stack = (...frames: string[]) => ['Error: no', ...frames.map((frame) => `    at ${frame}`)].join('\n')

test('a frame in the test’s own code counts, below frames of libraries', () => {
  const frames = stack('Pool.query (/app/node_modules/pg/index.js:1:2)', 'body (/app/suites/a.test.ts:3:4)')
  expect(frameOf(frames, '/app/suites/a.test.ts')).toBe('test')
})

test('a stack of libraries alone is a library’s', () => {
  expect(
    frameOf(stack('connect (node:net:1:2)', 'x (/app/node_modules/ws/a.js:1:1)'), '/app/a.test.ts'),
  ).toBe('library')
})

test('without frames the place is unknown', () => {
  expect(frameOf(undefined, '/app/a.test.ts')).toBe('unknown')
  expect(frameOf('Error: no', '/app/a.test.ts')).toBe('unknown')
})

test.each([
  ['a string', 'no', { name: 'Error', message: 'no' }],
  ['undefined', undefined, { name: 'Error', message: 'undefined' }],
  ['a plain object', { message: 'no', name: 'Oops' }, { name: 'Oops', message: 'no' }],
])('%s that was thrown has a text', (_what, thrown, text) => {
  expect(errorText(thrown)).toEqual(text)
})

test('an error keeps the phase in which it was thrown', () => {
  expect(
    attemptError({ error: new Error('no'), phase: 'set-up', at: 1 }, import.meta.filename),
  ).toMatchObject({
    phase: 'set-up',
    frame: 'test',
    message: 'no',
  })
})
