import { once } from 'node:events'
import { expect, test } from 'vitest'
import { DeadlineExceeded } from '#core'
import { lookLimit } from './limit.ts'

test('it aborts with the limit that was exceeded', async () => {
  using limit = lookLimit(20, new AbortController().signal)
  await once(limit.signal, 'abort')
  expect(limit.signal.reason).toEqual(new DeadlineExceeded(20))
})

test('a stall of this process uses up a part of the time at most', async () => {
  using limit = lookLimit(400, new AbortController().signal)
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
  await new Promise((resolve) => setTimeout(resolve, 1))
  expect(limit.signal.aborted).toBe(false)
})

test('it forwards the reason of its parent', () => {
  const parent = new AbortController()
  using limit = lookLimit(10_000, parent.signal)
  parent.abort(new Error('enough'))
  expect(limit.signal.reason).toEqual(new Error('enough'))
})
