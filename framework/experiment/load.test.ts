import { expect, test } from 'vitest'
import { sleep, waitFor } from '#core'
import type { JourneyClients } from './journey.ts'
import { type LoadOptions, startLoad } from './load.ts'

const noClients = { http: {}, ws: {} } as JourneyClients

function start(load: LoadOptions<undefined>, seed = 1, signal = new AbortController().signal) {
  const closed: number[] = []
  const running = startLoad({
    load,
    state: undefined,
    seed,
    openClients: () => ({ clients: noClients, close: async () => void closed.push(1) }),
    onBegun() {},
    onOperation() {},
    signal,
  })
  return { running, closed, operations: () => running.history([]).operations }
}

test('arrivals don’t wait for answers', async () => {
  const gate = Promise.withResolvers<void>()
  const { running } = start({
    journeys: { hang: (t) => t.operation('hang', () => gate.promise).then(() => {}) },
    ratePerSecond: 200,
    durationMs: 1000,
  })
  await waitFor(() => running.underWay().length >= 20, { limitMs: 5000 })
  gate.resolve()
  await running.drain()
  expect(running.underWay()).toEqual([])
})

test('an operation is timed from the moment when it was due', async () => {
  const { running, operations } = start({
    journeys: { quick: (t) => t.operation('quick', async () => {}).then(() => {}) },
    ratePerSecond: 100,
    durationMs: 1000,
  })
  await waitFor(() => operations().length > 0, { limitMs: 5000 })
  // Nothing runs meanwhile: what was due then is late, and its time says so.
  const until = performance.now() + 300
  while (performance.now() < until);
  const heldUp = operations().length
  await waitFor(() => operations().length > heldUp + 5, { limitMs: 5000 })
  await running.drain()
  expect(Math.max(...operations().map(({ startedAt, endedAt }) => endedAt - startedAt))).toBeGreaterThan(150)
})

test('journeys beyond the most that may be under way are counted, not begun', async () => {
  const gate = Promise.withResolvers<void>()
  const { running } = start({
    journeys: { hang: (t) => t.operation('hang', () => gate.promise).then(() => {}) },
    ratePerSecond: 300,
    durationMs: 1000,
    maxInFlight: 3,
  })
  await waitFor(() => running.history([]).shed >= 5, { limitMs: 5000 })
  expect(running.underWay()).toHaveLength(3)
  gate.resolve()
  await running.drain()
})

test('no more journeys begin than were asked for, and each closes its clients', async () => {
  const { running, closed, operations } = start({
    journeys: { quick: (t) => t.operation('quick', async () => {}).then(() => {}) },
    ratePerSecond: 500,
    durationMs: 1000,
    maxJourneys: 7,
  })
  await waitFor(() => operations().length === 7, { limitMs: 5000 })
  await sleep(50)
  await running.drain()
  expect(operations()).toHaveLength(7)
  expect(closed).toHaveLength(7)
})

test('the same seed draws the same journeys, with the same choices in them', async () => {
  const drawn = async (seed: number) => {
    const { running, operations } = start(
      {
        journeys: {
          a: {
            weight: 3,
            run: (t) => t.operation(`a${t.random.integer(0, 99)}`, async () => {}).then(() => {}),
          },
          b: (t) => t.operation(`b${t.random.integer(0, 99)}`, async () => {}).then(() => {}),
        },
        ratePerSecond: 500,
        durationMs: 1000,
        maxJourneys: 20,
      },
      seed,
    )
    await waitFor(() => operations().length === 20, { limitMs: 5000 })
    await running.drain()
    return operations()
      .toSorted((one, other) => one.id - other.id)
      .map(({ name }) => name)
  }
  const first = await drawn(5)
  expect(await drawn(5)).toEqual(first)
  expect(await drawn(6)).not.toEqual(first)
})

test('what a journey throws outside of its operations is a mistake of the experiment', async () => {
  const { running } = start({
    journeys: { wrong: () => Promise.reject(new TypeError('no thread')) },
    ratePerSecond: 100,
    durationMs: 1000,
    maxJourneys: 1,
  })
  await waitFor(() => running.mistakes.length > 0, { limitMs: 5000 })
  await running.drain()
  expect(running.mistakes).toEqual(['no thread'])
})

test('aborting ends what is under way as unknown', async () => {
  const stopping = new AbortController()
  const hang = (signal: AbortSignal) =>
    new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const { running, operations } = start(
    {
      journeys: { hang: (t) => t.operation('hang', ({ signal }) => hang(signal)).then(() => {}) },
      ratePerSecond: 200,
      durationMs: 1000,
    },
    1,
    stopping.signal,
  )
  await waitFor(() => running.underWay().length > 0, { limitMs: 5000 })
  stopping.abort(new DOMException('given up', 'AbortError'))
  await running.drain()
  expect(new Set(operations().map(({ outcome }) => outcome))).toEqual(new Set(['unknown']))
})
