import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Observation } from '#probe'
import { lookAt } from '../look.test-data.ts'
import { type Look, Sampler } from './sampler.ts'

let ended: AbortController
let seen: Observation[]
beforeEach(() => {
  ended = new AbortController()
  seen = []
})
afterEach(() => ended.abort(new Error('the test has ended')))

function sampling(looks: readonly Look[], intervalMs = 10) {
  return new Sampler({
    intervalMs,
    looks: () => looks,
    emit: (observation) => seen.push(observation),
    signal: ended.signal,
  })
}

/** A look at `target` that counts how often it was begun and never ends. */
function hanging() {
  const look = Object.assign(
    () => {
      look.begun += 1
      return new Promise<Observation>(() => {})
    },
    { begun: 0 },
  )
  return look
}

const good =
  (target: string): Look =>
  async () =>
    lookAt(0, { target })
const count = (target: string) => seen.filter((look) => look.target === target).length

test('it looks again every interval', async () => {
  sampling([good('a')]).start()
  await expect.poll(() => count('a')).toBeGreaterThan(3)
})

test('a look that hangs is not begun twice and holds up no other', async () => {
  const hung = hanging()
  sampling([hung, good('a')]).start()
  await expect.poll(() => count('a')).toBeGreaterThan(3)
  expect(hung.begun).toBe(1)
})

test('a look that nobody could take is no observation, and is tried again', async () => {
  let tries = 0
  sampling([() => Promise.reject(new Error(`${++tries}`))]).start()
  await expect.poll(() => tries).toBeGreaterThan(2)
  expect(seen).toEqual([])
})

test('it stops when the signal aborts', async () => {
  let tries = 0
  sampling([async () => lookAt(++tries)]).start()
  ended.abort(new Error('enough'))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(tries).toBe(1)
})

test('a round looks at everything at once and ends after its looks', async () => {
  await sampling([good('a'), good('b')]).round()
  expect([count('a'), count('b')]).toEqual([1, 1])
})

test('rounds asked for together are one, and those asked for after it are one more, a second later', async () => {
  const sampler = sampling([good('a')])
  await Promise.all([sampler.round(), sampler.round(), sampler.round()])
  expect(count('a')).toBe(1)
  const from = performance.now()
  await Promise.all([sampler.round(), sampler.round()])
  expect(count('a')).toBe(2)
  expect(performance.now() - from).toBeGreaterThan(900)
})

test('a round waits for a look that is under way, rather than begin it twice', async () => {
  let finish = () => {}
  let begun = 0
  const look: Look = () => {
    begun += 1
    return new Promise((resolve) => {
      finish = () => resolve(lookAt(0))
    })
  }
  const sampler = sampling([look, good('b')], 1000)
  sampler.start()
  const round = sampler.round()
  await expect.poll(() => count('b')).toBe(2)
  finish()
  await round
  expect(begun).toBe(1)
})

test('a round ends though a look hangs', async () => {
  await sampling([hanging(), good('a')]).round()
  expect(count('a')).toBe(1)
})
