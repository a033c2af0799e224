import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, transfer } from './proxy-stage.ts'
import { freePort, openTarget, type Target } from './proxy-target.ts'

let target: Target
beforeAll(async () => {
  target = await openTarget()
})
afterAll(() => target[Symbol.asyncDispose]())

test('D: an update that changes nothing keeps connections, in another spelling too', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  await stage.patch({ enabled: true, listen: `localhost:${stage.port}`, upstream: stage.upstream })
  await transfer(client, server, 'still here')
})

test('D: all interfaces in another spelling is no change', async () => {
  await using stage = await openStage(target)
  await stage.patch({ listen: `0.0.0.0:${stage.port}` })
  const { client, server } = await stage.open()
  await stage.patch({ listen: `:${stage.port}` })
  if (target.isToxiproxy) await client.ended()
  else await transfer(client, server, 'still here')
})

test('D: a new upstream cuts connections, and the next goes there', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  const other = createServer((socket) => socket.end('other')).listen(0, '127.0.0.1')
  await once(other, 'listening')
  const address = other.address()
  await stage.patch({ upstream: `127.0.0.1:${typeof address === 'object' ? address?.port : 0}` })
  await Promise.all([client.ended(), server.ended()])
  expect((await (await stage.connect()).ended()).text).toBe('other')
  other.close()
})

test('D: a disabled proxy closes what is open and refuses what is new, and comes back on its port', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  expect((await stage.patch({ enabled: false })).body).toMatchObject({ enabled: false, listen: stage.listen })
  expect([await client.ended(), await server.ended()]).toEqual([
    { text: '', error: undefined },
    { text: '', error: undefined },
  ])
  await expect(stage.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect((await stage.patch({ enabled: true })).body).toMatchObject({ enabled: true, listen: stage.listen })
  const next = await stage.open()
  await transfer(next.client, next.server, 'again')
})

test('D: a move to a port that is taken leaves the proxy disabled, with the new address', async () => {
  await using stage = await openStage(target)
  const holder = createServer().listen(await freePort(), '127.0.0.1')
  await once(holder, 'listening')
  const address = holder.address()
  const listen = `127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  expect(await stage.patch({ listen })).toMatchObject({
    status: 500,
    body: { error: `listen tcp ${listen}: bind: address already in use` },
  })
  const { body } = await target.call('GET', '/proxies/p')
  expect(body).toMatchObject({ enabled: false, listen })
  holder.close()
  await once(holder, 'close')
  expect((await stage.patch({ enabled: true })).status).toBe(200)
})

test('F: reset keeps connections, but for those that a timeout held', async () => {
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: 5 })
  const kept = await stage.open()
  await target.call('POST', '/reset')
  await transfer(kept.server, kept.client, 'still here')
  await stage.toxic('timeout')
  await target.call('POST', '/reset')
  await kept.client.ended()
})

test('H: no byte is lost or overtaken while toxics come, change and go', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  let sent = ''
  let changing = true
  const sending = (async () => {
    for (let line = 0; changing; ) {
      let piece = ''
      for (const end = line + 400; line < end; line++) piece += `${line}\n`
      sent += piece
      if (!server.socket.write(piece)) await once(server.socket, 'drain')
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  })()
  const kinds = [
    ['latency', { latency: 20, jitter: 10 }],
    ['slicer', { average_size: 700, size_variation: 300, delay: 10 }],
    ['bandwidth', { rate: 20_000 }],
    ['noop', {}],
  ] as const
  const present: string[] = []
  for (let round = 0; round < 60; round++) {
    const [type, attributes] = kinds[round % kinds.length]!
    const name = `t${round}`
    await stage.toxic(type, attributes, { name })
    present.push(name)
    await new Promise((resolve) => setTimeout(resolve, 5))
    await stage.update(name, { attributes, toxicity: 0.9 })
    // First, last or in the middle of the chain, in turn.
    if (present.length > 3) for (const gone of present.splice(round % 3, 1)) await stage.removeToxic(gone)
  }
  changing = false
  await sending
  for (const name of present) await stage.removeToxic(name)
  const received = await client.until(sent.length)
  expect(received.toString() === sent).toBe(true)
})

test('H: what a removed latency held arrives at once and in order', async () => {
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: 60_000 })
  const { client, server } = await stage.open()
  for (const part of ['a', 'b', 'c']) {
    server.socket.write(part)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  await stage.removeToxic('latency_downstream')
  expect((await client.until(3)).toString()).toBe('abc')
})

test('I: the end of one side closes the other, behind all data', async () => {
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: 50 })
  const { client, server } = await stage.open()
  server.socket.end('last words')
  expect(await client.ended()).toEqual({ text: 'last words', error: undefined })
})

test('I: there is no half-close: after the client’s end, what the server still says is lost', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  client.socket.end('request')
  expect((await server.ended()).text).toBe('request')
  expect((await client.ended()).text).toBe('')
})

test('I: a reset by one peer reaches the other as an ordinary end', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  await transfer(client, server, 'hello')
  server.socket.resetAndDestroy()
  expect(await client.ended()).toEqual({ text: '', error: undefined })
})

test('I: with nobody behind it, a proxy accepts and then ends', async () => {
  await using stage = await openStage(target)
  await stage.patch({ upstream: `127.0.0.1:${await freePort()}` })
  expect((await (await stage.connect()).ended()).text).toBe('')
  expect((await target.call('GET', '/proxies/p')).body).toMatchObject({ enabled: true })
})

test('M: a slicer of zeros passes data, and the server lives', async ({ skip }) => {
  if (target.isToxiproxy) skip('kills a real Toxiproxy')
  await using stage = await openStage(target)
  await stage.toxic('slicer')
  const { client, server } = await stage.open()
  await transfer(server, client, 'uncut')
})

for (const attributes of [
  { average_size: 1, size_variation: 1000 },
  { average_size: -5, delay: -5 },
])
  test(`M: a slicer of ${JSON.stringify(attributes)} passes data, and the server lives`, async ({ skip }) => {
    if (target.isToxiproxy) skip('may kill a real Toxiproxy')
    await using stage = await openStage(target)
    await stage.toxic('slicer', attributes)
    const { client, server } = await stage.open()
    await transfer(server, client, Buffer.alloc(5000, 1))
  })

test('M: a negative rate stalls as 0 does', async ({ skip }) => {
  if (target.isToxiproxy) skip('kills a real Toxiproxy')
  await using stage = await openStage(target)
  await stage.toxic('bandwidth', { rate: -1 })
  const { client, server } = await stage.open()
  server.socket.write('held')
  await stage.removeToxic('bandwidth_downstream')
  expect((await client.until(4)).toString()).toBe('held')
})

test('M: a peer that reads nothing never holds up the control API', async ({ skip }) => {
  if (target.isToxiproxy) skip('a real Toxiproxy answers 503 after 25 s')
  await using stage = await openStage(target)
  await stage.toxic('latency', { latency: 1 })
  const { client, server } = await stage.open()
  client.socket.pause()
  server.socket.write(Buffer.alloc(40_000_000))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const startedAt = performance.now()
  await stage.toxic('slicer', { average_size: 1000 })
  await stage.update('latency_downstream', { attributes: { latency: 5 } })
  await stage.removeToxic('latency_downstream')
  await stage.removeToxic('slicer_downstream')
  await stage.patch({ enabled: false })
  expect(performance.now() - startedAt).toBeLessThan(2000)
})

test('M: what a stuck peer has coming stays bounded', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  client.socket.pause()
  let written = 0
  server.socket.on('error', () => {})
  for (; written < 400; written++)
    if (!server.socket.write(Buffer.alloc(1_000_000))) {
      const drained = once(server.socket, 'drain').then(() => true)
      const waited = new Promise<boolean>((resolve) => setTimeout(resolve, 300, false))
      if (!(await Promise.race([drained, waited]))) break
    }
  expect(written).toBeLessThan(100)
})

test('H: what is held behind a removed toxic is not overtaken', async () => {
  await using stage = await openStage(target)
  for (const name of ['first', 'removed']) await stage.toxic('noop', {}, { name })
  await stage.toxic('latency', { latency: 150 })
  const { client, server } = await stage.open()
  server.socket.write('held ')
  await new Promise((resolve) => setTimeout(resolve, 20))
  await stage.removeToxic('removed')
  server.socket.write('later')
  expect((await client.until(10)).toString()).toBe('held later')
})
