import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import {
  createLinkFaults,
  type FaultWindow,
  type LedgerIndexBody,
  type LinkFaultSpec,
  type ProfileFaultSpec,
  startProxyServer,
} from '#fault'

const window: FaultWindow = { kind: 'span', text: '0s-', fromMs: 0, toMs: null }
const onLink = (fault: LinkFaultSpec['fault'], amountMs = 0): LinkFaultSpec => ({
  ...{ text: fault, fault, amountMs, window, target: { kind: 'link', name: 'app/database' } },
})

const profileOnLink = (profile: string): ProfileFaultSpec => ({
  ...{ text: profile, fault: 'profile', profile, window, target: { kind: 'link', name: 'app/database' } },
})

test('a profile is on for every client of its link, bites, and goes with its handle', async () => {
  await using stage = await setUp()
  const kept = [await stage.open('app.database'), await stage.open('app.database.agent')]
  const fault = await stage.faults.inject(profileOnLink('cloud-sql-maintenance'))
  for (const socket of kept) await gone(socket)
  await expect(stage.open('app.database')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  expect(await fault.bit()).toBe(true)
  await fault.release()
  expect(await echo(await stage.open('app.database'))).toBe('hello')
})

test('whether a refusal by the kernel bit is unknown', async () => {
  await using stage = await setUp()
  await using fault = await stage.faults.inject(profileOnLink('security-group-deny'))
  expect(await fault.bit()).toBeNull()
})

test('a profile that a real Toxiproxy can’t do is refused, and nothing of it is on', async () => {
  const asked: string[] = []
  await using api = await listen(
    createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      if (request.url?.startsWith('/faultline'))
        return void response.writeHead(404).end('404 page not found\n')
      response.end(JSON.stringify({ name: 'p', listen: 'x:1', upstream: 'x:1', enabled: true, toxics: [] }))
    }),
  )
  const faults = createLinkFaults({ apiUrl: api.url, proxiesOf: () => ['p'] })
  await expect(faults.inject(profileOnLink('aws-nat-idle'))).rejects.toMatchObject({ code: 'FL4003' })
  expect(asked.filter((each) => each.startsWith('POST'))).toEqual([])
  await (await faults.inject(profileOnLink('brownout'))).release()
})

test('a link that is down refuses new connections and cuts kept ones, for every client of it', async () => {
  await using stage = await setUp()
  const kept = [await stage.open('app.database'), await stage.open('app.database.agent')]
  await using _fault = await stage.faults.inject(onLink('link-down'))
  for (const socket of kept) await gone(socket)
  await expect(stage.open('app.database')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect(stage.open('app.database.agent')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('releasing a link that was down opens it on the same port', async () => {
  await using stage = await setUp()
  const fault = await stage.faults.inject(onLink('link-down'))
  await fault.release()
  await fault.release()
  expect(await echo(await stage.open('app.database'))).toBe('hello')
})

test('a link that was disabled before stays so when the fault is released', async () => {
  await using stage = await setUp()
  const first = await stage.faults.inject(onLink('link-down'))
  const other = createLinkFaults({ apiUrl: stage.url, proxiesOf: () => ['app.database'] })
  await (await other.inject(onLink('link-down'))).release()
  await expect(stage.open('app.database')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await first.release()
})

test('of two faults that hold a link down, the last one released opens it', async () => {
  await using stage = await setUp()
  const first = await stage.faults.inject(onLink('link-down'))
  const second = await stage.faults.inject(onLink('link-down'))
  await first.release()
  await expect(stage.open('app.database')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await second.release()
  expect(await echo(await stage.open('app.database'))).toBe('hello')
})

test('a silent link connects and lets nothing through, on kept connections too', async () => {
  await using stage = await setUp()
  const kept = await stage.open('app.database')
  expect(await echo(kept)).toBe('hello')
  const fault = await stage.faults.inject(onLink('link-silent'))
  const fresh = await stage.open('app.database')
  let answered = 0
  for (const socket of [kept, fresh]) socket.on('data', () => answered++).write('anybody?')
  await expect.poll(() => stage.received()).toBe('hello')
  await expect.poll(() => fault.bit()).toBe(true)
  expect(answered).toBe(0)
  await fault.release()
  await gone(fresh)
})

test('behind a Toxiproxy the relay counts what a silent link drops, and no byte reaches the server', async () => {
  await using stage = await setUp()
  const { faults, port } = await stage.behindToxiproxy()
  const fault = await faults.inject(onLink('link-silent'))
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {}).write('anybody?')
  const relayed = async () =>
    ((await (await fetch(`${stage.url}/faultline/ledger`)).json()) as LedgerIndexBody)['app.database']
      ?.bytesUp
  await expect.poll(relayed).toBe('anybody?'.length)
  expect(await fault.bit()).toBe(true)
  expect(stage.received()).toBe('')
  await fault.release()
  expect((await stage.toxics()).flat()).toEqual([])
  socket.destroy()
})

test('behind a Toxiproxy the relay does what that can’t, and knows whether it bit', async () => {
  await using stage = await setUp()
  const { faults, port } = await stage.behindToxiproxy()
  const idle = await faults.inject(profileOnLink('azure-lb-idle'))
  const kept = connect(port, '127.0.0.1')
  expect(await echo(kept)).toBe('hello')
  expect(await idle.bit()).toBe(false)
  const cutting = await faults.inject(profileOnLink('read-only-standby'))
  await gone(kept)
  expect(await cutting.bit()).toBe(true)
  const [onRelay, onFront] = await stage.toxics()
  expect([onRelay?.length, onFront?.length]).toEqual([3, 0])
  for (const fault of [idle, cutting]) await fault.release()
  expect((await stage.toxics()).flat()).toEqual([])
})

test('where links have no names, a fault on one is refused, and nothing of it is on', async () => {
  await using stage = await setUp()
  const { faults } = await stage.behindToxiproxy()
  await expect(faults.inject(profileOnLink('dns-nxdomain'))).rejects.toMatchObject({ code: 'FL4001' })
  expect((await stage.toxics()).flat()).toEqual([])
})

test('a fault on a link that nobody uses did not bite', async () => {
  await using stage = await setUp()
  await using fault = await stage.faults.inject(onLink('link-down'))
  expect(await fault.bit()).toBe(false)
})

test('a fault bit when it cut a kept connection, and that stays known after the release', async () => {
  await using stage = await setUp()
  await stage.open('app.database')
  const fault = await stage.faults.inject(onLink('link-down'))
  await fault.release()
  expect(await fault.bit()).toBe(true)
})

test('each of two faults on one connection is known to have bitten', async () => {
  await using stage = await setUp()
  const kept = await stage.open('app.database')
  await using first = await stage.faults.inject(onLink('latency', 5))
  await echo(kept)
  await using second = await stage.faults.inject(onLink('latency', 5))
  expect([await first.bit(), await second.bit()]).toEqual([true, false])
  await echo(kept)
  expect(await second.bit()).toBe(true)
})

test('a fault that cannot be put on everywhere is on nowhere', async () => {
  await using stage = await setUp()
  const faults = createLinkFaults({ apiUrl: stage.url, proxiesOf: () => ['app.database', 'not.there'] })
  await expect(faults.inject(onLink('link-down'))).rejects.toMatchObject({ code: 'FL4001' })
  expect(await echo(await stage.open('app.database'))).toBe('hello')
})

test('a control API that never answers fails the injection within its deadline', async () => {
  await using api = await listen(createHttpServer(() => {}))
  const faults = createLinkFaults({ apiUrl: api.url, proxiesOf: () => ['p'], callLimitMs: 50 })
  await expect(faults.inject(onLink('link-down'))).rejects.toMatchObject({ code: 'FL4001' })
})

test('whether a fault bit is unknown where the proxy keeps no ledger', async () => {
  const { listen: at, ...proxy } = { name: 'p', listen: '127.0.0.1:1', upstream: 'x:1' }
  await using api = await listen(
    createHttpServer((request, response) => {
      if (request.url?.startsWith('/faultline'))
        return void response.writeHead(404).end('404 page not found\n')
      response.end(JSON.stringify({ ...proxy, listen: at, enabled: true, toxics: [] }))
    }),
  )
  const faults = createLinkFaults({ apiUrl: api.url, proxiesOf: () => ['p'] })
  expect(await (await faults.inject(onLink('link-down'))).bit()).toBeNull()
})

/** A link with two clients, to a server that echoes. */
async function setUp() {
  const stack = new AsyncDisposableStack()
  let received = ''
  const upstream = stack.use(
    await listen(
      createServer((socket) => {
        socket.on('error', () => {})
        socket.on('data', (bytes) => {
          received += bytes
          socket.write(bytes)
        })
      }),
    ),
  )
  const proxy = stack.use(await startProxyServer())
  const names = ['app.database', 'app.database.agent']
  const request = (name: string) => ({
    name,
    listen: '127.0.0.1:0',
    upstream: upstream.address,
    enabled: true,
  })
  const { proxies } = await proxy.populate(names.map(request))
  const ports = new Map(proxies.map(({ name, listen }) => [name, Number(listen.split(':').at(-1))]))
  const front = stack.use(await startProxyServer())
  return {
    url: proxy.url,
    /** Makes the proxy of the application's link the relay behind another, and gives where that one listens. */
    async behindToxiproxy() {
      const before = { ...request('app.database'), upstream: `127.0.0.1:${ports.get('app.database')}` }
      const { proxies } = await front.populate([before])
      return {
        faults: createLinkFaults({
          ...{ apiUrl: front.url, ledgerUrl: proxy.url, proxiesOf: () => ['app.database'] },
        }),
        port: Number(proxies[0]!.listen.split(':').at(-1)),
      }
    },
    toxics: () =>
      Promise.all(
        [proxy, front].map(async ({ url }) => {
          const all = (await (await fetch(`${url}/proxies`)).json()) as Record<string, { toxics: unknown[] }>
          return Object.values(all).flatMap(({ toxics }) => toxics)
        }),
      ),
    faults: createLinkFaults({ apiUrl: proxy.url, proxiesOf: () => names }),
    received: () => received,
    async open(name: string): Promise<Socket> {
      const socket = connect(ports.get(name)!, '127.0.0.1')
      stack.defer(() => void socket.destroy())
      await once(socket, 'connect')
      return socket.on('error', () => {})
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function listen(server: Server) {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    url: `http://${address}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

async function echo(socket: Socket): Promise<string> {
  socket.write('hello')
  const [bytes] = await once(socket, 'data')
  return String(bytes)
}

async function gone(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket.resume(), 'close')
}
