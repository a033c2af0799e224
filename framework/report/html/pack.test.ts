import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packRows } from './pack.ts'

test('a bar goes into the first row that is free when it begins', () => {
  const bars = [
    { from: 0, to: 10 },
    { from: 5, to: 6 },
    { from: 6, to: 20 },
    { from: 10, to: 12 },
  ]
  expect(packRows(bars)).toEqual([0, 1, 1, 0])
})

test('no two bars of a row overlap', () => {
  const bar = fc.record({ from: fc.nat(1000), length: fc.nat(50) })
  fc.assert(
    fc.property(fc.array(bar), (drawn) => {
      const bars = drawn
        .map(({ from, length }) => ({ from, to: from + length }))
        .toSorted((a, b) => a.from - b.from)
      const rows = packRows(bars)
      for (const [index, a] of bars.entries())
        for (const [later, b] of bars.entries())
          if (later > index && rows[later] === rows[index]) expect(b.from).toBeGreaterThanOrEqual(a.to)
    }),
  )
})
