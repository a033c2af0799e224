import { expect, test } from 'vitest'
import { nearest } from '#core'

test.each([
  ['databse', ['database', 'auth'], 'database'],
  ['link-donw', ['link-down', 'link-silent'], 'link-down'],
  ['Policy', ['policy'], 'policy'],
])('%s is taken for what was probably meant', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected)
})

test('nothing is suggested when nothing is near', () => {
  expect(nearest('elephant', ['auth', 'database'])).toBeUndefined()
})
