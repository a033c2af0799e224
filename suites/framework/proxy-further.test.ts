import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FeaturesBody, type LedgerBody, type ProxyServer, startProxyServer } from '#fault'
import { openStage, type Stage, transfer } from './proxy-stage.ts'
import type { Target } from './proxy-target.ts'

let server: ProxyServer
let target: Target
beforeAll(async () => {
  server = await startProxyServer({ seed: 1 })
  target = targetOf(server)
})
afterAll(() => server[Symbol.asyncDispose]())

test('refuse: new connections are refused, kept ones go on, and after it all is as before', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  await stage.toxic('refuse')
  await expect(stage.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await transfer(client, server, 'still here')
  await stage.removeToxic('refuse_downstream')
  await stage.open()
})

test('connect_hang: the handshake of a new connection doesn’t complete until the toxic is gone', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  await stage.toxic('connect_hang')
  const hanging = await hung(stage)
  await transfer(client, server, 'still here')
  await stage.removeToxic('connect_hang_downstream')
  hanging.destroy()
  await stage.open()
})

test('connect_hang: a proxy that is disabled and enabled meanwhile hangs on', async () => {
  await using stage = await openStage(target)
  await stage.toxic('connect_hang')
  await stage.patch({ enabled: false })
  await expect(stage.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await stage.patch({ enabled: true })
  ;(await hung(stage)).destroy()
})

test('a toxic of the listener can’t be drawn by connection', async () => {
  await using stage = await openStage(target)
  await expect(stage.toxic('refuse', {}, { toxicity: 0.5 })).rejects.toThrow('400')
})

test('slow_accept: connects at once, and the server hears of it later', async () => {
  await using stage = await openStage(target)
  await stage.toxic('slow_accept', { delay: 120 })
  const startedAt = performance.now()
  await stage.open()
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115)
})

test('slow_accept: removing it lets go on what it holds up', async () => {
  await using stage = await openStage(target)
  await stage.toxic('slow_accept', { delay: 60_000 })
  const client = await stage.connect()
  client.socket.write('x')
  await stage.removeToxic('slow_accept_downstream')
  await expect.poll(() => stage.servers[0]?.received.toString()).toBe('x')
})

test('idle_death silent: nothing passes any more, and no side hears of the other', async () => {
  await using stage = await openStage(target)
  await stage.toxic('idle_death', { after: 60 })
  const { client, server } = await stage.open()
  await transfer(client, server, 'early')
  await silenced()
  client.socket.write('anybody?')
  client.socket.end()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect([server.received.toString(), server.isOver]).toEqual(['early', false])
})

test('idle_death: traffic in one direction keeps a connection alive', async () => {
  await using stage = await openStage(target)
  await stage.toxic('idle_death', { after: 400, mode: 'fin' }, { stream: 'upstream' })
  const { client, server } = await stage.open()
  for (let round = 0; round < 12; round++) {
    await transfer(server, client, 'x')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(client.isOver).toBe(false)
})

test('idle_death rst: who speaks first after it is reset, the other side hears nothing', async () => {
  await using stage = await openStage(target)
  await stage.toxic('idle_death', { after: 60, mode: 'rst' })
  const { client, server } = await stage.open()
  await transfer(client, server, 'early')
  await silenced()
  client.socket.write('anybody?')
  expect((await client.ended()).error).toBe('ECONNRESET')
  expect([server.received.toString(), server.isOver]).toEqual(['early', false])
})

test('idle_death fin: both sides are closed', async () => {
  await using stage = await openStage(target)
  await stage.toxic('idle_death', { after: 60, mode: 'fin' })
  const { client, server } = await stage.open()
  expect((await Promise.all([client.ended(), server.ended()])).map(({ error }) => error)).toEqual([
    undefined,
    undefined,
  ])
})

test.each([
  ['rst', 'ECONNRESET'],
  ['fin', undefined],
])('cut %s: quiet connections end at once', async (mode, error) => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  await stage.toxic('cut', { mode }, { applies: 'kept' })
  expect([(await client.ended()).error, (await server.ended()).error]).toEqual([error, error])
  const next = await stage.open()
  await transfer(next.client, next.server, 'x')
})

test.each([
  ['new', [false, true]],
  ['kept', [true, false]],
  ['all', [true, true]],
])('applies %s: connections from before and after the toxic', async (applies, hurt) => {
  await using stage = await openStage(target)
  const kept = await stage.open()
  await stage.toxic('limit_data', { bytes: 0 }, { applies })
  const fresh = await stage.open()
  for (const [index, { client, server }] of [kept, fresh].entries()) {
    server.socket.write('x')
    if (hurt[index]) await client.ended()
    else await client.until(1)
  }
})

test('after_connections: the first ones are spared', async () => {
  await using stage = await openStage(target)
  await stage.open()
  await stage.toxic('limit_data', { bytes: 0 }, { trigger: { after_connections: 1 } })
  const [spared, hurt] = [await stage.open(), await stage.open()]
  for (const { server } of [spared, hurt]) server.socket.write('x')
  await spared.client.until(1)
  await hurt.client.ended()
})

test('after_bytes: what comes before passes, in the middle of a chunk too', async () => {
  await using stage = await openStage(target)
  await stage.toxic('timeout', { timeout: 0 }, { trigger: { after_bytes: 4 } })
  const { client, server } = await stage.open()
  server.socket.write('passed, and then not')
  await client.until(4)
  await stage.toxic('noop')
  expect(client.received.toString()).toBe('pass')
})

test('on_first_byte_back: the client may speak until the server has', async () => {
  await using stage = await openStage(target)
  await stage.toxic('reset_peer', {}, { stream: 'upstream', trigger: { on_first_byte_back: true } })
  const { client, server } = await stage.open()
  await transfer(client, server, 'question')
  await transfer(server, client, 'answer')
  client.socket.write('more')
  expect((await client.ended()).error).toBe('ECONNRESET')
})

test('flap: a listener that comes and goes by itself', async () => {
  await using stage = await openStage(target)
  await stage.toxic('refuse', {}, { schedule: { kind: 'flap', period: 300, duty: 0.5 } })
  const seen = async (wanted: string) =>
    expect.poll(() => outcomeOf(stage), { interval: 10, timeout: 2000 }).toBe(wanted)
  for (const wanted of ['ECONNREFUSED', 'connected', 'ECONNREFUSED', 'connected']) await seen(wanted)
})

test('oneshot: silent for its time, then what it held is closed', async () => {
  await using stage = await openStage(target)
  const { client, server } = await stage.open()
  await stage.toxic('timeout', {}, { schedule: { kind: 'oneshot', duration: 150 } })
  server.socket.write('lost')
  expect((await client.ended()).text).toBe('')
  const next = await stage.open()
  await transfer(next.server, next.client, 'x')
})

test('step: attributes change on the proxy’s clock, and are shown as they are', async () => {
  await using stage = await openStage(target)
  const steps = [{ at: 50, attributes: { latency: 77 } }]
  await stage.toxic('latency', { latency: 1 }, { schedule: { kind: 'step', steps } })
  await expect
    .poll(async () => (await target.call('GET', '/proxies/p/toxics/latency_downstream')).body)
    .toMatchObject({ attributes: { latency: 77 }, schedule: { kind: 'step' } })
})

test('a schedule that reads wrong is refused with what is wrong', async () => {
  await using stage = await openStage(target)
  await expect(stage.toxic('noop', {}, { schedule: { kind: 'flap', period: 0, duty: 2 } })).rejects.toThrow(
    'schedule.period',
  )
})

test('shared_bandwidth: two connections share the rate', async () => {
  await using stage = await openStage(target)
  await stage.toxic('shared_bandwidth', { rate: 1000 })
  const pairs = [await stage.open(), await stage.open()]
  const startedAt = performance.now()
  await Promise.all(pairs.map(({ client, server }) => transfer(server, client, Buffer.alloc(150_000))))
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(290)
})

test('toxics that are given with their proxy are on from its first connection on', async () => {
  await using stage = await openStage(target)
  const toxics = [{ type: 'limit_data', stream: 'downstream', attributes: { bytes: 2 } }]
  const proxy = { name: 'q', listen: '127.0.0.1:0', upstream: stage.upstream, toxics }
  const { body } = await target.call('POST', '/populate', [proxy])
  const [created] = (body as { proxies: [{ listen: string; toxics: object[] }] }).proxies
  expect(created.toxics).toMatchObject(toxics)
  const socket = connect(Number(created.listen.split(':').at(-1)), '127.0.0.1')
  await expect.poll(() => stage.servers.length).toBe(1)
  stage.servers[0]!.socket.write('four')
  expect(String((await once(socket, 'data'))[0])).toBe('fo')
  socket.destroy()
})

test('one wrong toxic in a populate, and nothing of it is done', async () => {
  const proxy = { name: 'q', listen: '127.0.0.1:0', upstream: 'x:1' }
  const { status } = await target.call('POST', '/populate', [proxy, { ...proxy, toxics: [{ type: 'no' }] }])
  expect([status, (await target.call('GET', '/proxies')).body]).toEqual([400, {}])
})

test('it tells what it can beyond Toxiproxy, and its seed', async () => {
  const { body } = await target.call('GET', '/faultline')
  expect(body).toMatchObject({ seed: 1 })
  expect((body as FeaturesBody).toxics).toContain('idle_death')
})

test('the same seed draws the same connections, another seed others', async () => {
  const draw = async (seed: number) => {
    await using server = await startProxyServer({ seed })
    return await hurtBy(server)
  }
  const [first, again, other] = [await draw(3), await draw(3), await draw(4)]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
})

/** Which of 16 connections a toxic acts on that is drawn for half of them. */
async function hurtBy(server: ProxyServer): Promise<boolean[]> {
  await using target = targetOf(server)
  await using stage = await openStage(target)
  await stage.toxic('limit_data', { bytes: 0 }, { toxicity: 0.5 })
  const hurt: boolean[] = []
  for (let round = 0; round < 16; round++) {
    const pair = await stage.open()
    pair.server.socket.end('x')
    hurt.push((await pair.client.ended()).text === '')
  }
  return hurt
}

/** The embedded proxy, whatever the conformance suites run against. */
function targetOf(server: ProxyServer): Target {
  const call: Target['call'] = async (method, path, body) => {
    const response = await fetch(server.url + path, { method, body: JSON.stringify(body) ?? null })
    const text = await response.text()
    return { status: response.status, headers: {}, text, body: text ? JSON.parse(text) : undefined }
  }
  return {
    ...{ url: server.url, isToxiproxy: false, call },
    async clear() {
      for (const name of ['p', 'q']) await call('DELETE', `/proxies/${name}`)
    },
    async [Symbol.asyncDispose]() {},
  }
}

/** A connection that is still on its way after a time in which any other would be there. */
async function hung(stage: Stage): Promise<Socket> {
  const socket = connect(stage.port, '127.0.0.1').on('error', () => {})
  const connected = await Promise.race([
    once(socket, 'connect').then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 300)),
  ])
  expect(connected).toBe(false)
  return socket
}

async function outcomeOf(stage: Stage): Promise<string> {
  const socket = connect(stage.port, '127.0.0.1')
  const outcome = await once(socket, 'connect').then(
    () => 'connected',
    (error: NodeJS.ErrnoException) => error.code ?? '',
  )
  socket.destroy()
  return outcome
}

/** Waits until the proxy has silenced its connection. */
async function silenced(): Promise<void> {
  await expect
    .poll(async () => ((await target.call('GET', '/faultline/ledger/p')).body as LedgerBody).at(-1)?.affected)
    .toBe(true)
}
