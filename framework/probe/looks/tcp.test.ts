import { expect, test } from 'vitest'
import { waitFor } from '#core'
import { createProber } from '../prober.ts'
import { closedPort, listenTcp, targetAt } from '../servers.test-data.ts'

const never = new AbortController().signal

async function lookAt(port: number) {
  await using prober = createProber(targetAt('tcp', `tcp://127.0.0.1:${port}`))
  return await prober.look('new', never)
}

test('a port that accepts is ok, and the wait for a hang-up is not in its time', async () => {
  await using server = await listenTcp(() => {})
  const afterConnect: number[] = []
  for (let n = 0; n < 5; n += 1) {
    const { outcome, phases } = await lookAt(server.port)
    expect(outcome).toBe('ok')
    afterConnect.push(phases.totalMs - phases.connectMs!)
  }
  expect(Math.min(...afterConnect)).toBeLessThan(25)
})

test('a closed port is refused', async () => {
  expect(await lookAt(await closedPort())).toMatchObject({ outcome: 'refused', code: 'ECONNREFUSED' })
})

test('a port that accepts and hangs up is cut, as a proxy does whose other side is gone', async () => {
  await using server = await listenTcp((socket) => socket.end())
  expect(await lookAt(server.port)).toMatchObject({ outcome: 'cut', code: 'ECONNRESET' })
})

test('a port that accepts and resets is cut', async () => {
  await using server = await listenTcp((socket) => socket.resetAndDestroy())
  expect(await lookAt(server.port)).toMatchObject({ outcome: 'cut', code: 'ECONNRESET' })
})

test('a kept connection that the peer ends is the finding of the next look', async () => {
  await using server = await listenTcp(() => {})
  await using prober = createProber(targetAt('tcp', `tcp://127.0.0.1:${server.port}`))
  await prober.look('kept', never)
  expect(await prober.look('kept', never)).toMatchObject({ connection: 'kept', outcome: 'ok' })
  for (const socket of server.sockets) socket.end()
  await waitFor(() => server.sockets.size === 0, { limitMs: 5000 })
  expect(await prober.look('kept', never)).toMatchObject({ connection: 'kept', outcome: 'cut' })
})
