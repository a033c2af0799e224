import { expect, test } from 'vitest'
import { keptOf } from './read-back.ts'

const talker = (thread: string, ...acknowledged: string[]) => ({
  thread,
  acknowledgedAt: new Map(acknowledged.map((text) => [text, 1])),
})
const row = (text: string) => ({ text })

test('what was acknowledged and isn’t there is lost', () => {
  const rows = new Map([['a', [row('one')]]])
  expect(keptOf([talker('a', 'one', 'two'), talker('b', 'three')], rows)).toEqual({ lost: 2, doubled: 0 })
})

test('what is there twice is doubled, acknowledged or not', () => {
  const rows = new Map([['a', [row('one'), row('one'), row('unsure'), row('unsure')]]])
  expect(keptOf([talker('a', 'one')], rows)).toEqual({ lost: 0, doubled: 2 })
})

test('what was never acknowledged may be there once, or not', () => {
  expect(keptOf([talker('a')], new Map([['a', [row('unsure')]]]))).toEqual({ lost: 0, doubled: 0 })
  expect(keptOf([talker('a')], new Map())).toEqual({ lost: 0, doubled: 0 })
})
