import { expect, test } from 'vitest'
import { bootstrap, upperBound } from './intervals.ts'

test('without a hit the bound is close to three by the number of trials', () => {
  expect(upperBound(0, 300)).toBeCloseTo(1 - 0.05 ** (1 / 300), 6)
  expect(upperBound(0, 300)).toBeCloseTo(3 / 300, 3)
})

test('the bound is that of Clopper and Pearson', () => {
  // One-sided 95 %: qbeta(0.95, 3, 18) = 0.28262 for 2 of 20.
  expect(upperBound(2, 20)).toBeCloseTo(0.2826, 3)
})

test('whoever tried nothing knows nothing', () => {
  expect(upperBound(0, 0)).toBe(1)
  expect(upperBound(4, 4)).toBe(1)
})

const mean = (items: readonly number[]) => items.reduce((sum, item) => sum + item, 0) / items.length

test('groups that agree give an interval without width', () => {
  expect(bootstrap([[1], [1, 1]], mean, { seed: 1 })).toEqual([1, 1])
})

test('the interval is the same again with the same seed, and holds the figure', () => {
  const groups = [[0, 0], [1], [1, 1], [0], [1]]
  const [low, high] = bootstrap(groups, mean, { seed: 3 })!
  expect(bootstrap(groups, mean, { seed: 3 })).toEqual([low, high])
  expect(low).toBeLessThan(mean(groups.flat()))
  expect(high).toBeGreaterThan(mean(groups.flat()))
})

test('a figure that nothing counts towards has no interval', () => {
  expect(bootstrap([[1]], () => null, { seed: 1 })).toBeNull()
  expect(bootstrap([], mean, { seed: 1 })).toBeNull()
})
