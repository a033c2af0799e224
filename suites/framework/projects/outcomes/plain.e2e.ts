import { afterAll, beforeAll, describe, expect, test } from 'vitest'

test('a plain test passes', () => {})
test('a plain test fails', () => expect({ reply: 'a' }).toEqual({ reply: 'b' }))
describe('a block whose set-up fails', () => {
  beforeAll(() => {
    throw new Error('no set-up')
  })
  test('never gets to run', () => {})
})
describe('a block whose end fails', () => {
  afterAll(() => {
    throw new Error('no end')
  })
  test('runs', () => {})
})
