import { expect, test } from 'vitest'
import { createRandom } from '#core'

test('the same seed gives the same sequence', () => {
  const a = createRandom(7)
  const b = createRandom(7)
  expect([a.next(), a.next(), a.integer(1, 6)]).toEqual([b.next(), b.next(), b.integer(1, 6)])
})

test('integer stays within its bounds, both included', () => {
  const random = createRandom(1)
  const seen = new Set(Array.from({ length: 500 }, () => random.integer(1, 3)))
  expect([...seen].sort()).toEqual([1, 2, 3])
})
