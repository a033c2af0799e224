import { expect, test } from 'vitest'
import { writtenCells } from './cells/index.ts'
import { planRuns, splitOf, stratifiedSample } from './plan.ts'

const cells = writtenCells()

test('there are enough cells, and each has a name of its own', () => {
  expect(cells.length).toBeGreaterThanOrEqual(120)
  expect(new Set(cells.map(({ name }) => name)).size).toBe(cells.length)
})

test('the same seed gives the same plan, another one another order', () => {
  const ids = (seed: number) => planRuns(cells, seed, 2).map(({ id }) => id)
  expect(ids(1)).toEqual(ids(1))
  expect(ids(1)).not.toEqual(ids(2))
  expect(new Set(ids(1)).size).toBe(2 * cells.length)
})

test('an id says nothing of its cell', () => {
  for (const { id } of planRuns(cells, 1, 1)) expect(id).toMatch(/^[0-9a-f]{12}$/)
})

test('every first run comes before any second one', () => {
  const repetitions = planRuns(cells, 1, 2).map(({ repetition }) => repetition)
  expect(repetitions).toEqual(repetitions.toSorted())
})

test('all cells of one defect are on one side of the split', () => {
  for (const [defect, group] of Map.groupBy(cells, (cell) => cell.defect))
    if (defect !== null) expect(new Set(group.map((cell) => splitOf(cell, 5))).size).toBe(1)
})

test('about a third is for calibration', () => {
  const calibration = cells.filter((cell) => splitOf(cell, 5) === 'calibration').length
  expect(calibration / cells.length).toBeGreaterThan(0.2)
  expect(calibration / cells.length).toBeLessThan(0.5)
})

test('a sample has as many cells as asked for, of every family, in fair shares', () => {
  const sample = stratifiedSample(cells, 30, 5)
  expect(new Set(sample).size).toBe(30)
  expect(new Set(sample.map(({ family }) => family))).toEqual(new Set(cells.map(({ family }) => family)))
  const shareOf = (list: typeof cells) =>
    list.filter(({ family }) => family === 'compound').length / list.length
  expect(Math.abs(shareOf(sample) - shareOf(cells))).toBeLessThan(0.15)
})
