import { once } from 'node:events'
import type http from 'node:http'
import net from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { isFaultlineError, now, Secret, waitFor } from '#core'
import { lookAt } from '../look.test-data.ts'
import { closedPort, listenTcp, targetAt } from '../servers.test-data.ts'
import type { ProbeTarget } from '../target.ts'
import { startAgent } from './agent.ts'
import { type AgentOptions, connectAgent } from './client.ts'

const token = 'a-token-of-enough-length'
const never = new AbortController().signal

function agentFor(targets: readonly ProbeTarget[]) {
  return startAgent({ host: '127.0.0.1', port: 0, token, targets })
}

function connectTo(
  port: number,
  more: { token?: string; signal?: AbortSignal; timeoutMs?: number; watch?: AgentOptions['watch'] } = {},
) {
  return connectAgent({
    ...(more.watch && { watch: more.watch }),
    url: `ws://127.0.0.1:${port}`,
    token: new Secret(more.token ?? token),
    signal: more.signal ?? never,
    timeoutMs: more.timeoutMs ?? 5000,
  })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'no error'
  } catch (error) {
    return isFaultlineError(error) ? error.code : String(error)
  }
}

/** Something on a port that speaks WebSocket and does what `onClient` does, without being an agent. */
async function impostor(onClient: (client: WebSocket) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', onClient)
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    async [Symbol.asyncDispose]() {
      for (const client of server.clients) client.terminate()
      server.close()
      await once(server, 'close')
    },
  }
}

const welcome = JSON.stringify({
  type: 'welcome',
  version: 2,
  targets: [{ target: 'service', protocol: 'tcp', vantage: 'app-side', timeoutMs: 50 }],
})

/** A proper agent up to its first look. */
function answersClocksOnly(client: WebSocket, onLook: (id: number) => void = () => {}) {
  client.send(welcome)
  client.on('message', (data) => {
    const { type, id } = JSON.parse(String(data))
    if (type === 'clock') client.send(JSON.stringify({ type, id, at: now() }))
    else onLook(id)
  })
}

test('a client is told the targets, but no address', async () => {
  const address = 'tcp://secret.internal:5432'
  await using agent = await agentFor([
    targetAt('tcp', address, { target: 'database', link: 'app/database', vantage: 'app-side' }),
  ])
  await using client = await connectTo(agent.port)
  expect(client.targets).toEqual([
    { target: 'database', link: 'app/database', protocol: 'tcp', vantage: 'app-side', timeoutMs: 5000 },
  ])
})

test('a look by the agent is an observation with the error of its clock', async () => {
  await using server = await listenTcp(() => {})
  const target = targetAt('tcp', `tcp://127.0.0.1:${server.port}`, {
    link: 'app/service',
    vantage: 'app-side',
  })
  await using agent = await agentFor([target])
  await using client = await connectTo(agent.port)
  const before = now()
  const seen = await client.look({ target: 'service', link: 'app/service' }, 'new', never)
  expect(seen).toMatchObject({ target: 'service', link: 'app/service', vantage: 'app-side', outcome: 'ok' })
  expect(seen.clockErrorMs).toBeGreaterThan(0)
  expect(seen.at).toBeGreaterThanOrEqual(before - seen.clockErrorMs!)
  expect(seen.at).toBeLessThanOrEqual(now() + seen.clockErrorMs!)
})

test('a clock that is an hour ahead is taken back to ours', async () => {
  const hourMs = 3_600_000
  await using fake = await impostor((client) => {
    client.send(welcome)
    client.on('message', (data) => {
      const { type, id } = JSON.parse(String(data))
      const at = now() + hourMs
      const observation = lookAt(at)
      client.send(
        JSON.stringify(
          type === 'clock' ? { type, id, at } : { type: 'observation', id, observation, number: 1 },
        ),
      )
    })
  })
  await using client = await connectTo(fake.port)
  const seen = await client.look({ target: 'service' }, 'new', never)
  expect(Math.abs(client.clockOffsetMs - hourMs)).toBeLessThan(1000)
  expect(Math.abs(seen.at - now())).toBeLessThan(2000)
})

test('a target that is not declared is refused by both sides', async () => {
  await using agent = await agentFor([])
  await using client = await connectTo(agent.port)
  expect(await codeOf(client.look({ target: 'database' }, 'new', never))).toBe('FL3002')

  const raw = new WebSocket(`ws://127.0.0.1:${agent.port}`, { headers: { authorization: `Bearer ${token}` } })
  await once(raw, 'message')
  raw.send(JSON.stringify({ type: 'look', id: 1, target: 'database', connection: 'new' }))
  const [answer] = await once(raw, 'message')
  raw.terminate()
  expect(JSON.parse(String(answer))).toEqual({
    type: 'refused',
    id: 1,
    reason: '`database` is not declared to this agent',
  })
})

test('a wrong token is refused with 401', async () => {
  await using agent = await agentFor([])
  expect(await codeOf(connectTo(agent.port, { token: 'another-token-of-length' }))).toBe('FL3002')
  const raw = new WebSocket(`ws://127.0.0.1:${agent.port}`)
  const [, response] = (await once(raw, 'unexpected-response')) as [unknown, http.IncomingMessage]
  raw.on('error', () => {})
  raw.terminate()
  expect(response.statusCode).toBe(401)
})

test.each([
  ['no JSON', 'nonsense'],
  ['no object', '[]'],
  ['no id', '{"type":"look"}'],
  ['no such type', '{"type":"exec","id":1}'],
  ['no such connection', '{"type":"look","id":1,"target":"service","connection":"old"}'],
  ['an interval that no one can keep', '{"type":"watch","id":1,"name":"a","intervalMs":0}'],
  ['a mark that is none', '{"type":"watch","id":1,"name":"a","intervalMs":100,"after":7}'],
  ['a link that is none', '{"type":"look","id":1,"target":"service","connection":"new","link":7}'],
])('a message with %s is refused, and the agent goes on', async (_what, message) => {
  await using agent = await agentFor([])
  const raw = new WebSocket(`ws://127.0.0.1:${agent.port}`, { headers: { authorization: `Bearer ${token}` } })
  await once(raw, 'message')
  raw.send(message)
  const [refusal] = await once(raw, 'message')
  expect(JSON.parse(String(refusal)).type).toBe('refused')
  raw.send('{"type":"clock","id":2}')
  const [clock] = await once(raw, 'message')
  expect(JSON.parse(String(clock))).toMatchObject({ type: 'clock', id: 2 })
  raw.terminate()
})

test('a message that is too large ends that client alone', async () => {
  await using agent = await agentFor([])
  await using other = await connectTo(agent.port)
  const raw = new WebSocket(`ws://127.0.0.1:${agent.port}`, { headers: { authorization: `Bearer ${token}` } })
  raw.on('error', () => {})
  await once(raw, 'message')
  raw.send('x'.repeat(100_000))
  const [code] = await once(raw, 'close')
  expect([1006, 1009]).toContain(code)
  expect(await codeOf(other.look({ target: 'nobody' }, 'new', never))).toBe('FL3002')
})

test('a client that does not read its answers is dropped', async () => {
  await using agent = await agentFor([])
  const raw = new WebSocket(`ws://127.0.0.1:${agent.port}`, { headers: { authorization: `Bearer ${token}` } })
  const ended = Promise.withResolvers<void>()
  raw.on('error', () => ended.resolve())
  await once(raw, 'message')
  raw.pause()
  const question = JSON.stringify({ type: 'look', id: 1, target: 'x'.repeat(4000), connection: 'new' })
  const ask = setInterval(() => {
    for (let n = 0; n < 200; n += 1) raw.send(question, (error) => error && ended.resolve())
  }, 1)
  await ended.promise
  clearInterval(ask)
  raw.terminate()
})

test('a slow look does not delay another', async () => {
  await using silent = await listenTcp((socket) => socket.resume())
  await using quick = await listenTcp(() => {})
  await using agent = await agentFor([
    targetAt('http', `http://127.0.0.1:${silent.port}`, { target: 'slow', timeoutMs: 2000 }),
    targetAt('tcp', `tcp://127.0.0.1:${quick.port}`, { target: 'quick' }),
  ])
  await using client = await connectTo(agent.port)
  const order: string[] = []
  await Promise.all(
    ['slow', 'quick'].map(async (target) => {
      const { outcome } = await client.look({ target }, 'new', never)
      order.push(`${target} ${outcome}`)
    }),
  )
  expect(order).toEqual(['quick ok', 'slow no-answer'])
})

test('the same look by two clients is one look', async () => {
  await using silent = await listenTcp((socket) => socket.resume())
  await using agent = await agentFor([
    targetAt('http', `http://127.0.0.1:${silent.port}`, { timeoutMs: 1000 }),
  ])
  await using a = await connectTo(agent.port)
  await using b = await connectTo(agent.port)
  const looks = Promise.all([a, b].map((client) => client.look({ target: 'service' }, 'new', never)))
  await waitFor(() => silent.sockets.size > 0, { limitMs: 5000 })
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, silent.sockets.size)
  }, 5)
  await looks
  clearInterval(watch)
  expect(most).toBe(1)
})

test('GET /health/live answers without a token', async () => {
  await using agent = await agentFor([])
  const response = await fetch(`http://127.0.0.1:${agent.port}/health/live`)
  expect([response.status, await response.text()]).toEqual([200, '{"status":"pass"}'])
})

test('a port that nobody listens on is FL3001', async () => {
  expect(await codeOf(connectTo(await closedPort()))).toBe('FL3001')
})

test('a peer that accepts and stays silent is FL3001', async () => {
  await using silent = await listenTcp((socket) => socket.resume())
  expect(await codeOf(connectTo(silent.port, { timeoutMs: 200 }))).toBe('FL3001')
})

test('an address that is none is FL3001', async () => {
  const work = connectAgent({ url: 'nonsense', token: new Secret(token), signal: never, timeoutMs: 100 })
  expect(await codeOf(work)).toBe('FL3001')
})

test.each<[string, (client: WebSocket) => void]>([
  ['never greets', () => {}],
  ['hangs up', (client) => client.close()],
  ['says something else', (client) => client.send('hello')],
  ['greets and tells no time', (client) => client.send(welcome)],
])('a peer that upgrades and then %s is FL3001', async (_what, onClient) => {
  await using peer = await impostor(onClient)
  expect(await codeOf(connectTo(peer.port, { timeoutMs: 300 }))).toBe('FL3001')
})

test('another version of the protocol is refused', async () => {
  await using newer = await impostor((client) => client.send('{"type":"welcome","version":3}'))
  expect(await codeOf(connectTo(newer.port))).toBe('FL3002')
})

test('connecting ends with the reason of its caller', async () => {
  await using silent = await listenTcp((socket) => socket.resume())
  const given = new AbortController()
  const connecting = connectTo(silent.port, { signal: given.signal })
  given.abort(new Error('enough'))
  await expect(connecting).rejects.toThrow('enough')
  await waitFor(() => silent.sockets.size === 0, { limitMs: 5000 })
})

test('an agent that never answers a look does not hang its client', async () => {
  await using fake = await impostor((client) => answersClocksOnly(client))
  await using client = await connectTo(fake.port)
  expect(await codeOf(client.look({ target: 'service' }, 'new', never))).toBe('FL3001')
})

test('an agent that answers for another target is given up', async () => {
  await using fake = await impostor((client) =>
    answersClocksOnly(client, (id) => {
      const observation = lookAt(now(), { target: 'other' })
      client.send(JSON.stringify({ type: 'observation', id, observation, number: 1 }))
    }),
  )
  await using client = await connectTo(fake.port)
  expect(await codeOf(client.look({ target: 'service' }, 'new', never))).toBe('FL3001')
  await client.closed
})

test('an agent that dies during a look rejects the look and resolves closed', async () => {
  await using fake = await impostor((client) => answersClocksOnly(client, () => client.terminate()))
  await using client = await connectTo(fake.port)
  expect(await codeOf(client.look({ target: 'service' }, 'new', never))).toBe('FL3001')
  await client.closed
})

/** A client that watches, and what it asks for when it comes back. */
const watch = { name: 'a watcher', intervalMs: 50 }

/** Cuts every connection of clients to it, and lets new ones through. */
async function cuttableWayTo(port: number) {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const agent = net.connect(port, '127.0.0.1')
    for (const socket of [client, agent]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.pipe(agent).pipe(client)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  return {
    port: (server.address() as net.AddressInfo).port,
    cut,
    /** Nothing passes any more, and nobody is told. */
    hush() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}

test.each(['cut', 'hush'] as const)(
  'what an agent saw while a client that watches was away (%s) is told when it is back',
  async (how) => {
    let looked = 0
    await using server = await listenTcp(() => {
      looked += 1
    })
    await using agent = await agentFor([targetAt('tcp', `tcp://127.0.0.1:${server.port}`)])
    await using way = await cuttableWayTo(agent.port)
    await using client = await connectTo(way.port, { watch })
    const { at } = await client.look({ target: 'service' }, 'new', never)
    const before = looked
    way[how]()
    await waitFor(() => looked >= before + 4, { limitMs: 5000 })
    await using back = await connectTo(agent.port, { watch: { ...watch, after: client.mark! } })
    const times = back.missed.map((look) => look.at)
    expect(times.length).toBeGreaterThanOrEqual(3)
    expect(times.every((time) => time > at)).toBe(true)
    expect(back.missed[0]).toMatchObject({ target: 'service', outcome: 'ok' })
  },
)

test('an agent stops looking for a client that took its leave', async () => {
  await using server = await listenTcp(() => {})
  await using agent = await agentFor([targetAt('tcp', `tcp://127.0.0.1:${server.port}`)])
  const client = await connectTo(agent.port, { watch })
  await client[Symbol.asyncDispose]()
  let beats = 0
  const metronome = setInterval(() => {
    beats += 1
  }, watch.intervalMs)
  await waitFor(() => beats >= 5, { limitMs: 5000 })
  clearInterval(metronome)
  await using back = await connectTo(agent.port, { watch: { ...watch, after: client.mark! } })
  expect(back.missed).toEqual([])
})

test('a mark of another agent asks for nothing', async () => {
  await using agent = await agentFor([])
  await using client = await connectTo(agent.port, {
    watch: { ...watch, after: { run: 'another', number: 0 } },
  })
  expect(client.missed).toEqual([])
})

test('a disposed agent leaves no client connected and its port free', async () => {
  const agent = await agentFor([])
  await using client = await connectTo(agent.port)
  await agent[Symbol.asyncDispose]()
  await client.closed
  expect(await codeOf(connectTo(agent.port))).toBe('FL3001')
})

test('a port that is taken is FL3003', async () => {
  await using agent = await agentFor([])
  expect(await codeOf(startAgent({ host: '127.0.0.1', port: agent.port, token, targets: [] }))).toBe('FL3003')
})
