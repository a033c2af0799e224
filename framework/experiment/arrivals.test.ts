import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '#core'
import { arrivals, evenArrivals } from './arrivals.ts'

const first = (count: number, rate: number, seed: number) =>
  arrivals(rate, createRandom(seed)).take(count).toArray()

test('the same seed gives the same moments, which only grow', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 100 }), (seed, rate) => {
      const moments = first(50, rate, seed)
      expect(moments).toEqual(first(50, rate, seed))
      expect(moments).toEqual(moments.toSorted((a, b) => a - b))
    }),
  )
})

test('about as many arrive as were asked for', () => {
  const [last] = first(2000, 20, 7).slice(-1)
  expect(last! / 1000).toBeGreaterThan(90)
  expect(last! / 1000).toBeLessThan(110)
})

test('other seeds give other moments', () => {
  expect(first(5, 10, 1)).not.toEqual(first(5, 10, 2))
})

test('an even load arrives at one pace, from half of a pause on', () => {
  expect(evenArrivals(4).take(3).toArray()).toEqual([125, 375, 625])
})
