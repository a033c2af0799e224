import { expect, test } from 'vitest'
import { resolve } from './resolve.ts'

test('a name is asked for once at a time', async () => {
  const first = resolve('localhost')
  expect(resolve('localhost')).toBe(first)
  expect((await first).length).toBeGreaterThan(0)
})

test('a name is asked for anew when the answer is there', async () => {
  const first = resolve('localhost')
  await first
  expect(resolve('localhost')).not.toBe(first)
})

test('a name that does not exist is asked for anew as well', async () => {
  await expect(resolve('no-such-name.invalid')).rejects.toThrow()
  await expect(resolve('no-such-name.invalid')).rejects.toThrow()
})
