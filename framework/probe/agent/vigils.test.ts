import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { longestVigilMs, Vigils } from './vigils.ts'

const watcher = { name: 'a watcher', intervalMs: 100 }
let looks: number
let vigils: Vigils

beforeEach(() => {
  vi.useFakeTimers()
  looks = 0
  vigils = new Vigils(() => {
    looks += 1
  })
})
afterEach(() => {
  vigils[Symbol.dispose]()
  vi.useRealTimers()
})

test('nobody looks for a watcher that is heard of at its own pace', () => {
  const vigil = vigils.begin(watcher)
  for (let beat = 0; beat < 10; beat += 1) {
    vi.advanceTimersByTime(watcher.intervalMs)
    vigil.heard()
  }
  expect(looks).toBe(0)
})

test('a watcher whose connection ended is looked for at once, and at its own pace', () => {
  vigils.begin(watcher).lost()
  expect(looks).toBe(1)
  vi.advanceTimersByTime(5 * watcher.intervalMs)
  expect(looks).toBe(6)
})

test('a watcher that has fallen silent is looked for though its connection stands', () => {
  vigils.begin(watcher)
  vi.advanceTimersByTime(5 * watcher.intervalMs)
  expect(looks).toBeGreaterThanOrEqual(3)
})

test('it ends when the watcher is back', () => {
  vigils.begin(watcher).lost()
  vigils.begin(watcher)
  vi.advanceTimersByTime(watcher.intervalMs)
  expect(looks).toBe(1)
})

test('it ends when the watcher stays away', () => {
  vigils.begin(watcher).lost()
  vi.advanceTimersByTime(longestVigilMs + watcher.intervalMs)
  const before = looks
  vi.advanceTimersByTime(10 * watcher.intervalMs)
  expect(looks).toBe(before)
})

test('the end of a connection from before is no loss of a watcher that is back', () => {
  const before = vigils.begin(watcher)
  const vigil = vigils.begin(watcher)
  before.lost()
  vi.advanceTimersByTime(watcher.intervalMs)
  vigil.heard()
  expect([looks, vigil.isLost]).toEqual([0, false])
})

test('of very many that are away, the first is given up', () => {
  const all = Array.from({ length: 33 }, (_, index) => vigils.begin({ name: `${index}`, intervalMs: 1000 }))
  for (const vigil of all) vigil.lost()
  looks = 0
  vigils.begin(watcher).end()
  vi.advanceTimersByTime(1000)
  expect(looks).toBe(32)
})
