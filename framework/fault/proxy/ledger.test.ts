import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { type LedgerBody, type LedgerIndexBody, startProxyServer } from '#fault'

test('a connection is told with its bytes both ways, its first answer and who ended it', async () => {
  await using stage = await setUp()
  const client = await stage.open()
  await echo(client, 'hello')
  client.end()
  await stage.closed(1)
  const [entry] = await stage.connections()
  expect(entry).toMatchObject({ id: 1, bytesUp: 5, bytesDown: 5, outcome: 'client-closed', affected: false })
  expect(entry!.firstByteAt).toBeGreaterThanOrEqual(entry!.acceptedAt)
  expect(entry!.closedAt).toBeGreaterThanOrEqual(entry!.firstByteAt!)
})

test('an open connection is counted with what it has carried so far', async () => {
  await using stage = await setUp()
  await echo(await stage.open(), 'hello')
  expect(await stage.figures()).toEqual({
    ...{ accepted: 1, open: 1, affected: 0, affectedBy: {}, cut: 0, bytesUp: 5, bytesDown: 5 },
  })
  expect(await stage.connections()).toMatchObject([{ outcome: 'open', closedAt: null }])
})

test('a connection that a toxic changed counts for that toxic', async () => {
  await using stage = await setUp()
  await stage.toxic({ name: 'slow', type: 'latency', attributes: { latency: 1 } })
  await stage.toxic({ name: 'idle', type: 'noop' })
  const client = await stage.open()
  await echo(client, 'one')
  await echo(client, 'two')
  expect(await stage.figures()).toMatchObject({ affected: 1, affectedBy: { slow: 1 } })
})

test.each([
  [{ type: 'limit_data', attributes: { bytes: 0 } }, 'toxic-closed'],
  [{ type: 'reset_peer' }, 'toxic-reset'],
])('a connection that %o ended is told so', async (toxic, outcome) => {
  await using stage = await setUp()
  await stage.toxic(toxic)
  const client = await stage.open()
  client.write('hello')
  await stage.closed(1)
  expect(await stage.connections()).toMatchObject([{ outcome, affected: true }])
})

test('a connection to nobody is told as a dial that failed', async () => {
  await using stage = await setUp('127.0.0.1:1')
  await stage.open()
  await stage.closed(1)
  expect(await stage.connections()).toMatchObject([{ outcome: 'dial-failed', affected: false }])
})

test('disabling a proxy cuts what is open, and counts it', async () => {
  await using stage = await setUp()
  await stage.open()
  const closed = await stage.open()
  closed.end()
  await stage.closed(1)
  await stage.call('PATCH', '/proxies/p', { enabled: false })
  expect(await stage.figures()).toMatchObject({ accepted: 2, open: 0, cut: 1, affected: 1 })
})

test('the ledger remembers the last 1000 connections, and counts all', async () => {
  await using stage = await setUp('127.0.0.1:1')
  for (let batch = 1; batch <= 21; batch++) {
    await Promise.all(Array.from({ length: 100 }, () => stage.open()))
    await stage.closed(100 * batch)
  }
  const entries = await stage.connections()
  expect([entries.length, entries.at(-1)?.id]).toEqual([1000, 2100])
  expect(await stage.figures()).toMatchObject({ accepted: 2100, open: 0 })
})

test('the same seed hurts the same connections', async () => {
  const hurt = async (seed: number) => {
    await using stage = await setUp(undefined, seed)
    await stage.toxic({ type: 'limit_data', attributes: { bytes: 0 }, toxicity: 0.5 })
    for (let id = 1; id <= 24; id++) (await stage.open()).end('x')
    await stage.closed(24)
    return (await stage.connections()).map(({ affected }) => affected)
  }
  const first = await hurt(7)
  expect(await hurt(7)).toEqual(first)
  expect(await hurt(8)).not.toEqual(first)
})

/** A proxy before an echo server, or before `upstream`. */
async function setUp(upstream?: string, seed = 1) {
  const stack = new AsyncDisposableStack()
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  stack.defer(() => void server.close())
  await once(server, 'listening')
  const proxy = stack.use(await startProxyServer({ seed }))
  const { proxies } = await proxy.populate([
    {
      ...{ name: 'p', listen: '127.0.0.1:0', enabled: true },
      upstream: upstream ?? `127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
  ])
  const port = Number(proxies[0]!.listen.split(':').at(-1))
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(proxy.url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    return response.json()
  }
  const figures = async () => ((await call('GET', '/faultline/ledger')) as LedgerIndexBody)['p']!
  return {
    call,
    figures,
    connections: async () => (await call('GET', '/faultline/ledger/p')) as LedgerBody,
    toxic: (toxic: object) => call('POST', '/proxies/p/toxics', { stream: 'upstream', ...toxic }),
    async open(): Promise<Socket> {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      stack.defer(() => void socket.destroy())
      await once(socket, 'connect')
      return socket.resume()
    },
    closed: (count: number) =>
      expect
        .poll(async () => {
          const { accepted, open } = await figures()
          return accepted - open
        })
        .toBe(count),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function echo(socket: Socket, text: string): Promise<void> {
  socket.write(text)
  await once(socket, 'data')
}
