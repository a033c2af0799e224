import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'

writeFileSync(process.env['LOADED_FILE'] ?? '', '')

test('goes by what the run says', ({ faultlineScope }) => {
  expect(faultlineScope?.settings.seed).toBe(7)
})
