import { expect, test } from 'vitest'
import { rightAnswer, type Shown, wrongIn } from './history-check.ts'

const user = (text: string): Shown => ({ role: 'user', text, degraded: null })
const answer = (text: string, degraded: string | null = null): Shown => ({
  role: 'assistant',
  text,
  degraded,
})
const written = {
  sent: new Set(['one', 'two', 'under way']),
  acknowledgedAt: new Map([
    ['one', 100],
    ['two', 200],
  ]),
}

test('a history with all that was acknowledged before is right', () => {
  expect(wrongIn([user('one'), user('two')], written, 300)).toBeUndefined()
})

test('it may show more: what was sent, and isn’t acknowledged yet', () => {
  expect(wrongIn([user('one'), user('two'), user('under way')], written, 300)).toBeUndefined()
})

test('an old history that passes for the present one is wrong', () => {
  expect(wrongIn([user('one')], written, 300)).toContain('lacks')
})

test('the same one is right as what it was', () => {
  expect(wrongIn([user('one')], written, 150)).toBeUndefined()
})

test('a message shown twice is wrong', () => {
  expect(wrongIn([user('one'), user('one'), user('two')], written, 300)).toContain('twice')
})

test('a message of somebody else is wrong', () => {
  expect(wrongIn([user('one'), user('two'), user('three')], written, 300)).toContain('nobody sent')
})

test('an answer is held to the message that it answers', () => {
  const shown = (text: string, degraded: string | null = null) => [
    user('one'),
    user('two'),
    answer(text, degraded),
  ]
  expect(wrongIn(shown(rightAnswer('two')), written, 300)).toBeUndefined()
  expect(wrongIn(shown('You wrote 3 words: two'), written, 300)).toContain('answer')
  expect(wrongIn(shown(rightAnswer('three')), written, 300)).toContain('answer')
  expect(wrongIn(shown('The model is away.', 'model-away'), written, 300)).toBeUndefined()
  expect(wrongIn(shown('The model is away.'), written, 300)).toContain('answer')
})
