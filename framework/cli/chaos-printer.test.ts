import { stripVTControlCharacters } from 'node:util'
import { expect, test } from 'vitest'
import { createStyle } from '#report'
import type { ExperimentProgress } from '#session'
import { chaosPrinter } from './chaos-printer.ts'

const progress = (kind: ExperimentProgress['kind'], name = 'x'): ExperimentProgress => ({
  kind,
  frame: {
    ...{ name, step: 'observe', at: 0, endsAt: 1000, faults: ['link-down@app/database'] },
    ...{
      underWay: 1,
      perSecond: 9,
      counts: { ok: 1, degraded: 0, failed: 0, unknown: 0 },
      p50Ms: 1,
      p99Ms: 2,
    },
  },
})

function print(columns: number | undefined) {
  let written = ''
  const printer = chaosPrinter({
    style: createStyle(false),
    write: (text) => {
      written += text
    },
    columns: columns === undefined ? undefined : () => columns,
  })
  return { printer, written: () => written }
}

const lineUp = '\u001B[1A\u001B[2K'

/** What a terminal shows in the end: lines, with the ones that were erased taken away. */
function screen(written: string): string[] {
  const lines: string[] = []
  for (const [index, part] of written.replaceAll('\r', '').split(lineUp).entries()) {
    if (index > 0) lines.pop()
    lines.push(...part.split('\n').filter((line) => line !== ''))
  }
  return lines
}

test('without a terminal there is one plain line for each step', () => {
  const { printer, written } = print(undefined)
  printer.progress(progress('step'))
  printer.progress(progress('tick'))
  printer.result('held x')
  expect(written().split('\n')).toHaveLength(3)
  expect(stripVTControlCharacters(written())).toBe(written())
})

test('on a terminal the same lines are drawn again, and the result takes their place', () => {
  const { printer, written } = print(200)
  printer.progress(progress('step'))
  const once = screen(written()).length
  printer.progress(progress('tick'))
  printer.progress(progress('tick'))
  expect(screen(written())).toHaveLength(once)
  printer.result('held x')
  expect(screen(written())).toEqual(['held x'])
})

test('no line is as wide as the terminal', () => {
  const { printer, written } = print(40)
  printer.progress(progress('tick', 'a name that is far too long for such a narrow terminal'))
  expect(Math.max(...screen(written()).map((line) => line.length))).toBeLessThan(40)
})
