import { expect, test } from 'vitest'
import { shares } from './fuzz.ts'

/** Another seed on each day, the same within one, so that a failure can be met again. */
const seed = Math.floor(Date.now() / 86_400_000)
const given = shares(20_000)

test('20,000 inputs are given', () => {
  expect(given.reduce((sum, { runs }) => sum + runs, 0)).toBeGreaterThanOrEqual(20_000)
})

test.each(given.map((share) => ({ name: share.area.name, ...share })))(
  'no input brings down: $name',
  { timeout: 120_000 },
  async ({ area, runs }) => {
    await area.run({ runs, seed })
  },
)
