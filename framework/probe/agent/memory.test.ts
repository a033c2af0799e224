import { expect, test } from 'vitest'
import { lookAt } from '../look.test-data.ts'
import { LookMemory } from './memory.ts'

test('whoever comes back is told what was seen since, oldest first', () => {
  const memory = new LookMemory(10)
  memory.add(lookAt(1))
  const { mark } = memory
  memory.add(lookAt(2))
  memory.add(lookAt(3))
  expect(memory.after(mark).map(({ at }) => at)).toEqual([2, 3])
  expect(memory.after(memory.mark)).toEqual([])
})

test('a look that several shared is kept once', () => {
  const memory = new LookMemory(10)
  const shared = lookAt(1)
  expect([memory.add(shared), memory.add(shared)]).toEqual([1, 1])
})

test('the oldest are forgotten', () => {
  const memory = new LookMemory(3)
  const { mark } = memory
  for (let at = 1; at <= 100; at += 1) memory.add(lookAt(at))
  const kept = memory.after(mark)
  expect(kept.length).toBeGreaterThanOrEqual(3)
  expect(kept.length).toBeLessThanOrEqual(6)
  expect(kept.at(-1)?.at).toBe(100)
})
