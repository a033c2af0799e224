import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, transfer } from './proxy-stage.ts'
import { openTarget, type Target } from './proxy-target.ts'

let target: Target
beforeAll(async () => {
  target = await openTarget()
})
afterAll(() => target[Symbol.asyncDispose]())

/** What a noisy machine may add to any time. */
const slackMs = 150

test.each([
  { up: 60, down: 0 },
  { up: 0, down: 60 },
  { up: 60, down: 120 },
])('G: latency of $up ms up and $down ms down delays just those', async ({ up, down }) => {
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: up }, { stream: 'upstream' })
  await stage.toxic('latency', { latency: down })
  const { client, server } = await stage.open()
  const times = [await transfer(client, server, 'question'), await transfer(server, client, 'answer')]
  for (const [index, wanted] of [up, down].entries()) {
    expect(times[index]).toBeGreaterThanOrEqual(wanted - 2)
    expect(times[index]).toBeLessThan(wanted + slackMs)
  }
})

test('G: two latencies add up', async () => {
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: 60 }, { name: 'a' })
  await stage.toxic('latency', { latency: 60 }, { name: 'b' })
  const { client, server } = await stage.open()
  expect(await transfer(server, client, 'x')).toBeGreaterThanOrEqual(118)
})

test('G: latency delays chunks side by side, not one after the other', async () => {
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: 100 })
  const { client, server } = await stage.open()
  const took = await transfer(server, client, Buffer.alloc(1_000_000, 1))
  expect(took).toBeGreaterThanOrEqual(98)
  expect(took).toBeLessThan(100 + 400)
})

test('G: jitter stays within its bounds', async () => {
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: 40, jitter: 20 })
  const { client, server } = await stage.open()
  const times: number[] = []
  for (let round = 0; round < 15; round++) times.push(await transfer(server, client, 'x'))
  expect(Math.min(...times)).toBeGreaterThanOrEqual(18)
  expect(times.toSorted((a, b) => a - b)[7]).toBeLessThan(60 + 20)
  expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(3)
})

test('G: bandwidth passes 480 000 bytes at 1000 KB/s in 480 ms', async () => {
  await using stage = await openStage(target)
  await stage.toxic('bandwidth', { rate: 1000 })
  const { client, server } = await stage.open()
  const bytes = pattern(480_000)
  const took = await transfer(server, client, bytes)
  expect(client.received.equals(bytes)).toBe(true)
  expect(took).toBeGreaterThanOrEqual(470)
  expect(took).toBeLessThan(480 + slackMs)
})

test('G: bandwidth of 0 passes nothing until it is changed', async () => {
  await using stage = await openStage(target)
  await stage.toxic('bandwidth')
  const { client, server } = await stage.open()
  server.socket.end('held')
  await settle()
  expect(client.received.toString()).toBe('')
  expect(client.isOver).toBe(false)
  await stage.update('bandwidth_downstream', { attributes: { rate: 1000 } })
  expect(await client.ended()).toEqual({ text: 'held', error: undefined })
})

test('G: slow_close passes data at once and closes later', async () => {
  await using stage = await openStage(target)
  await stage.toxic('slow_close', { delay: 100 })
  const { client, server } = await stage.open()
  const startedAt = performance.now()
  server.socket.end('bye')
  await client.until(3)
  const { text } = await client.ended()
  expect(text).toBe('bye')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(98)
})

test('G: a slow close that is removed comes at once', async () => {
  await using stage = await openStage(target)
  await stage.toxic('slow_close', { delay: 60_000 })
  const { client, server } = await stage.open()
  server.socket.end('bye')
  await client.until(3)
  await stage.removeToxic('slow_close_downstream')
  expect((await client.ended()).text).toBe('bye')
})

test('G: timeout swallows data and closes when none came for so long', async () => {
  await using stage = await openStage(target)
  await stage.toxic('timeout', { timeout: 80 })
  const { client, server } = await stage.open()
  const startedAt = performance.now()
  server.socket.write('lost')
  expect((await client.ended()).text).toBe('')
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(78)
  await server.ended()
})

test('G: timeout of 0 swallows data and stays open, and closes both sides when it is removed', async () => {
  await using stage = await openStage(target)
  await stage.toxic('timeout')
  const { client, server } = await stage.open()
  server.socket.write('lost')
  await settle()
  expect([client.isOver, server.isOver]).toEqual([false, false])
  await stage.removeToxic('timeout_downstream')
  expect((await client.ended()).text).toBe('')
  await server.ended()
})

test('G: timeout lets the source’s end through', async () => {
  await using stage = await openStage(target)
  await stage.toxic('timeout')
  const { client, server } = await stage.open()
  server.socket.end('lost')
  expect(await client.ended()).toEqual({ text: '', error: undefined })
})

test.each(['upstream', 'downstream'])(
  'G: reset_peer %s resets both peers after the first data',
  async (stream) => {
    await using stage = await openStage(target)
    await stage.toxic('reset_peer', { timeout: 50 }, { stream })
    const { client, server } = await stage.open()
    const startedAt = performance.now()
    ;(stream === 'upstream' ? client : server).socket.write('trigger')
    const [atClient, atServer] = await Promise.all([client.ended(), server.ended()])
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(48)
    expect([atClient, atServer]).toEqual([
      { text: '', error: 'ECONNRESET' },
      { text: '', error: 'ECONNRESET' },
    ])
  },
)

test('G: reset_peer without data resets nothing', async () => {
  await using stage = await openStage(target)
  await stage.toxic('reset_peer')
  const { client, server } = await stage.open()
  await settle()
  expect([client.isOver, server.isOver]).toEqual([false, false])
})

test('G: reset_peer resets a connection that was open before, too', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  await stage.toxic('reset_peer')
  server.socket.write('trigger')
  expect((await client.ended()).error).toBe(target.isToxiproxy ? undefined : 'ECONNRESET')
})

test('G: reset_peer leaves alone what its toxicity spares', async () => {
  await using stage = await openStage(target)
  await stage.toxic('reset_peer', {}, { toxicity: 0 })
  const { client, server } = await stage.open()
  await transfer(server, client, 'through')
  server.socket.end()
  expect((await client.ended()).error).toBe(target.isToxiproxy ? 'ECONNRESET' : undefined)
})

test('G: removing a timeout closes only what it held', async () => {
  await using stage = await openStage(target)
  await stage.toxic('timeout', {}, { toxicity: 0 })
  const { client, server } = await stage.open()
  await stage.removeToxic('timeout_downstream')
  if (target.isToxiproxy) await client.ended()
  else await transfer(server, client, 'still here')
})

test('G: slicer cuts 24 bytes into 24 with an average of 1', async () => {
  await using stage = await openStage(target)
  await stage.toxic('slicer', { average_size: 1, delay: 3000 })
  const { client, server } = await stage.open()
  await transfer(server, client, 'abcdefghijklmnopqrstuvwx')
  expect(client.received.toString()).toBe('abcdefghijklmnopqrstuvwx')
  expect(client.reads.length).toBeGreaterThan(18)
  expect(client.reads.length).toBeLessThanOrEqual(24)
})

test('G: slicer keeps content and order', async () => {
  await using stage = await openStage(target)
  await stage.toxic('slicer', { average_size: 1024, size_variation: 512 })
  const { client, server } = await stage.open()
  const bytes = pattern(480_000)
  await transfer(server, client, bytes)
  expect(client.received.equals(bytes)).toBe(true)
})

test.each([
  { sent: [50], limit: 100, got: 50, ends: false },
  { sent: [100], limit: 100, got: 100, ends: true },
  { sent: [150], limit: 100, got: 100, ends: true },
  { sent: [25, 25, 25, 25], limit: 100, got: 100, ends: true },
  { sent: [90, 20], limit: 100, got: 100, ends: true },
  { sent: [1], limit: 0, got: 0, ends: true },
])('G: limit_data of $limit passes $got of $sent bytes', async ({ sent, limit, got, ends }) => {
  await using stage = await openStage(target)
  await stage.toxic('limit_data', { bytes: limit })
  const { client, server } = await stage.open()
  for (const [index, size] of sent.entries()) {
    server.socket.write(Buffer.alloc(size, 65))
    const soFar = sent.slice(0, index + 1).reduce((sum, each) => sum + each, 0)
    await client.until(Math.min(soFar, got))
  }
  if (ends) await client.ended()
  else await settle()
  expect(client.isOver).toBe(ends)
  expect(client.received.length).toBe(got)
})

test('G: the count of limit_data outlives an update', async () => {
  await using stage = await openStage(target)
  await stage.toxic('limit_data', { bytes: 100 })
  const { client, server } = await stage.open()
  await transfer(server, client, Buffer.alloc(60, 65))
  await stage.update('limit_data_downstream', { attributes: { bytes: 80 } })
  server.socket.write(Buffer.alloc(60, 65))
  await client.ended()
  expect(client.received.length).toBe(80)
})

test('J: a toxicity of 0 lets everything through, and an update to 1 takes hold of live connections', async () => {
  await using stage = await openStage(target)
  await stage.toxic('timeout', { timeout: 50 }, { toxicity: 0 })
  const { client, server } = await stage.open()
  await transfer(server, client, 'through')
  await stage.update('timeout_downstream', { toxicity: 1 })
  expect((await client.ended()).text).toBe('through')
})

test('J: half of the connections are hurt at a toxicity of 0.5', async () => {
  await using stage = await openStage(target)
  await stage.toxic('limit_data', { bytes: 0 }, { toxicity: 0.5 })
  let hurt = 0
  for (let batch = 0; batch < 8; batch++) {
    const pairs = Array.from({ length: 50 }, () => stage.connect())
    const clients = await Promise.all(pairs)
    await expect.poll(() => stage.servers.length, { timeout: 10_000 }).toBe(50 * (batch + 1))
    for (const server of stage.servers.slice(-50)) server.socket.end('x')
    const ends = await Promise.all(clients.map((client) => client.ended()))
    hurt += ends.filter(({ text }) => text === '').length
  }
  const fiveSigma = 5 * Math.sqrt(400 * 0.25)
  expect(Math.abs(hurt - 200)).toBeLessThanOrEqual(fiveSigma)
})

/** Long enough for what must not happen to have happened. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100))
}

function pattern(size: number): Buffer {
  return Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 255))
}
