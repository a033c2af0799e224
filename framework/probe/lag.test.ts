import { expect, test, vi } from 'vitest'
import { waitFor } from '#core'
import { startLagSampler } from './lag.ts'
import type { RunnerSample } from './observation.ts'

function sampled() {
  const samples: RunnerSample[] = []
  const sampler = startLagSampler({
    process: 'worker:1',
    everyMs: 10,
    emit: (sample) => samples.push(sample),
  })
  return { samples, [Symbol.dispose]: () => sampler[Symbol.dispose]() }
}

test('code that holds the loop shows as lag at a high share of the processor', async () => {
  using sampling = sampled()
  await waitFor(() => sampling.samples.length > 0, { limitMs: 5000 })
  const before = process.threadCpuUsage()
  const heldMs = () => {
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  }
  while (heldMs() < 300);
  const late = await waitFor(() => sampling.samples.find((sample) => sample.lagMs > 200), { limitMs: 5000 })
  expect(late.process).toBe('worker:1')
  // On a busy machine even a loop that never waits gets but a part of the processor.
  expect(late.cpuShare).toBeGreaterThan(0.1)
})

test('a thread that is held without computing shows as lag at a low share', async () => {
  using sampling = sampled()
  await waitFor(() => sampling.samples.length > 0, { limitMs: 5000 })
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
  const late = await waitFor(() => sampling.samples.find((sample) => sample.lagMs > 200), { limitMs: 5000 })
  expect(late.cpuShare).toBeLessThan(0.3)
})

test('a disposed sampler is silent', async () => {
  const sampling = sampled()
  await waitFor(() => sampling.samples.length > 0, { limitMs: 5000 })
  sampling[Symbol.dispose]()
  const { length } = sampling.samples
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(sampling.samples).toHaveLength(length)
})

test('it goes on with true time while a test plays with false clocks', async () => {
  using sampling = sampled()
  const { setTimeout: trueTimeout } = globalThis
  vi.useFakeTimers({ now: 0 })
  try {
    await new Promise((resolve) => trueTimeout(resolve, 60))
  } finally {
    vi.useRealTimers()
  }
  expect(Math.min(...sampling.samples.map((sample) => sample.at))).toBeGreaterThan(Date.now() - 60_000)
  expect(Math.max(...sampling.samples.map((sample) => Math.abs(sample.clockStepMs!)))).toBeLessThan(1000)
})
