import { expect, test } from 'vitest'
import { logExcerpts, readLog } from './log-excerpt.ts'

const noon = Date.UTC(2026, 0, 5, 12)
const text = [
  'no moment yet',
  `{"level":30,"time":${noon},"msg":"pino"}`,
  '2026-01-05 12:00:01.500 UTC [7] LOG:  postgres',
  '\tat a stack frame of it',
  '2026-01-05T12:00:09Z later',
  '',
].join('\n')

test('lines have the moment that they name, or that of the line before', () => {
  expect(
    readLog(text).map(({ at, text: line }) => [
      at - noon,
      line.split(/[ :"]/).findLast((word) => /^[a-z]+$/.test(word)),
    ]),
  ).toEqual([
    [0, 'pino'],
    [1_500, 'postgres'],
    [1_500, 'it'],
    [9_000, 'later'],
  ])
})

test('an excerpt holds what was written around the incident, and nothing else', () => {
  const logs = [{ service: 'app', lines: readLog(text) }]
  const shown = logExcerpts(logs, [{ from: noon + 1_600, to: noon + 2_000 }])?.text
  expect(shown).toContain('LOG:  postgres')
  expect(shown).not.toContain('pino')
  expect(shown).not.toContain('later')
})

test('of many lines the last are shown, and the count of all of them', () => {
  const lines = Array.from({ length: 30 }, (_, index) => ({ at: noon, text: `line ${index}.` }))
  const shown = logExcerpts([{ service: 'app', lines }], [{ from: noon, to: noon }])?.text
  expect(shown).toContain('30 lines, the last 12 shown')
  expect(shown).not.toContain('line 17.')
  expect(shown).toContain('line 18.')
})

test('a service that wrote nothing then isn’t named, and no service is no section', () => {
  const logs = [{ service: 'app', lines: [{ at: noon, text: 'x' }] }]
  expect(logExcerpts(logs, [{ from: noon + 60_000, to: noon + 61_000 }])).toBeNull()
})
