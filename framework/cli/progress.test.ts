import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createStyle } from '#report'
import type { GateProgress } from '#session'
import { type Loudness, progressPrinter } from './progress.ts'

const steps: readonly GateProgress[] = [
  { kind: 'environment', name: 'embedded', ms: 1600 },
  {
    kind: 'health',
    change: {
      target: 'database',
      link: 'app/database',
      vantage: 'app-side',
      status: 'healthy',
      before: 'unknown',
      since: 1,
    },
  },
  { kind: 'discovered', tests: 3 },
  { kind: 'test', id: 'a', outcome: 'passed', durationMs: 4, attempt: { n: 1, strategy: 'normal' } },
  { kind: 'test', id: 'b', outcome: 'failed', durationMs: 9, attempt: { n: 1, strategy: 'patient' } },
  { kind: 'test', id: 'c', outcome: 'blocked' },
]

function printed(loudness: Loudness, columns?: number): string {
  let text = ''
  const printer = progressPrinter({
    style: createStyle(false),
    loudness,
    write: (more) => (text += more),
    columns: columns === undefined ? undefined : () => columns,
  })
  for (const step of steps) printer.progress(step)
  printer.end()
  return text
}

test('in a log only what went wrong has a line', () => {
  expect(printed('usual').split('\n')).toEqual([
    'embedded is up after 1.6 s',
    '3 tests',
    'failed   b  9 ms',
    'blocked  c',
    '',
  ])
})

test('quiet says nothing', () => {
  expect(printed('quiet')).toBe('')
})

test('verbose tells every attempt, how it proceeded, and every change of health', () => {
  const text = printed('verbose')
  expect(text).toMatch(/ s {2}passed {3}a {2}4 ms {2}attempt 1, normal\n/)
  expect(text).toMatch(/ s {2}health {3}app\/database \(app-side\): healthy\n/)
  expect(text).toMatch(/ s {2}failed {3}b {2}9 ms {2}attempt 1, patient\n/)
})

test('on a terminal the count is drawn in place, and gone at the end', () => {
  const text = printed('usual', 80)
  expect(text).toContain('3 of 3 tests: 1 failed, 1 blocked')
  expect(text.endsWith('\r\u001B[2K')).toBe(true)
})

test('the count never takes more than a row', () => {
  const drawn = stripVTControlCharacters(printed('usual', 12)).match(/\d of [^\r\n]*/g) ?? []
  expect(drawn.length).toBeGreaterThan(0)
  for (const line of drawn) expect(line.length).toBeLessThan(12)
})
