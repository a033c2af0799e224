import { expect, test } from 'vitest'
import { now, waitFor } from '#core'
import { attemptsOf, hostOver } from './vitest-run.ts'

test('a test process that is killed leaves failed attempts, and a run that ends', async () => {
  await using session = await hostOver('lost-worker')
  await session.run()
  expect(attemptsOf(session.told, 'passes before')).toMatchObject([{ outcome: 'passed' }])
  expect(attemptsOf(session.told, 'kills its own process')).toMatchObject([
    {
      outcome: 'failed',
      signals: expect.arrayContaining([expect.objectContaining({ stableCode: 'VT.WORKER' })]),
    },
  ])
  expect(attemptsOf(session.told, 'never gets its turn')).toMatchObject([{ outcome: 'failed' }])
})

test('a file that waits for ever while it is loaded is a failed test, and the others run', async () => {
  await using session = await hostOver('endless-import', { importLimitMs: 1500 })
  await session.run()
  const [attempt] = attemptsOf(session.told, 'waits.e2e.ts')
  expect(attempt?.errors[0]?.message).toContain('was not loaded within 1500 ms')
  expect(attemptsOf(session.told, 'is not held up')).toMatchObject([{ outcome: 'passed' }])
})

test('an aborted run ends within two seconds though a test blocks its process, and leaves none behind', async () => {
  await using session = await hostOver('endless')
  const interrupt = new AbortController()
  const running = session.run(interrupt.signal)
  const pids = await waitFor(() => session.host.workerPids().length > 0 && session.host.workerPids(), {
    limitMs: 20_000,
  })
  const at = now()
  interrupt.abort(new Error('interrupted'))
  await expect(running).rejects.toThrow('interrupted')
  expect(now() - at).toBeLessThan(4000)
  await waitFor(() => !pids.some(isAlive), { limitMs: 4000 })
})

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
