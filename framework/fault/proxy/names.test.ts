import { createSocket } from 'node:dgram'
import { promises } from 'node:dns'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { type ProxyServer, startProxyServer } from '#fault'

const { Resolver } = promises

/** A server of one proxy, `app.database`, and a resolver that asks it. */
async function openNames() {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startProxyServer({ seed: 1, namesPort: 0 }))
  const [proxy] = (
    await server.populate([
      { name: 'app.database', listen: '127.0.0.1:0', upstream: '127.0.0.1:1', enabled: true },
    ])
  ).proxies
  const resolver = new Resolver({ timeout: 1000, tries: 1 })
  resolver.setServers([server.names!])
  const everything = stack.move()
  return {
    server,
    listen: proxy!.listen,
    lookUp: (name = 'app.database.faultline.test') => resolver.resolve4(name),
    resolver,
    toxic: (body: object) => put(server, body),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  }
}

async function put({ url }: ProxyServer, body: object): Promise<Response> {
  return fetch(`${url}/proxies/app.database/toxics`, {
    method: 'POST',
    body: JSON.stringify({ type: 'dns', name: 'made-up', ...body }),
  })
}

async function remove({ url }: ProxyServer): Promise<void> {
  await fetch(`${url}/proxies/app.database/toxics/made-up`, { method: 'DELETE' })
}

test('a proxy’s name is its address, however it is written', async () => {
  await using names = await openNames()
  expect(await names.lookUp()).toEqual(['127.0.0.1'])
  expect(await names.lookUp('App.Database.FAULTLINE.test')).toEqual(['127.0.0.1'])
})

test('a proxy that listens on IPv4 has no other address', async () => {
  await using names = await openNames()
  await expect(names.resolver.resolve6('app.database.faultline.test')).rejects.toMatchObject({
    code: 'ENODATA',
  })
})

test('a proxy that isn’t there has no name, and names elsewhere are nobody’s to answer', async () => {
  await using names = await openNames()
  await expect(names.lookUp('nobody.faultline.test')).rejects.toMatchObject({ code: 'ENOTFOUND' })
  await expect(names.lookUp('example.com')).rejects.toMatchObject({ code: 'EREFUSED' })
})

test.each([
  ['nxdomain', 'ENOTFOUND'],
  ['servfail', 'ESERVFAIL'],
  ['silent', 'ETIMEOUT'],
])('dns %s: a look-up ends with %s, until the toxic is gone', async (answer, code) => {
  await using names = await openNames()
  await names.toxic({ attributes: { answer } })
  await expect(names.lookUp()).rejects.toMatchObject({ code })
  await remove(names.server)
  expect(await names.lookUp()).toEqual(['127.0.0.1'])
})

test('dns delay: the answer comes, and later', async () => {
  await using names = await openNames()
  await names.toxic({ attributes: { delay: 120 } })
  const startedAt = performance.now()
  expect(await names.lookUp()).toEqual(['127.0.0.1'])
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115)
})

test('every look-up that a dns toxic answered is counted, and none before it', async () => {
  await using names = await openNames()
  await names.lookUp()
  await names.toxic({ attributes: { answer: 'nxdomain' } })
  await names.lookUp().catch(() => {})
  const ledger = (await (await fetch(`${names.server.url}/faultline/ledger`)).json()) as Record<
    string,
    { affectedBy: Record<string, number> }
  >
  expect(ledger['app.database']?.affectedBy).toEqual({ 'made-up': 1 })
})

test('a dns toxic follows its schedule', async () => {
  await using names = await openNames()
  const schedule = { kind: 'oneshot', at: 0, duration: 150 }
  await names.toxic({ attributes: { answer: 'nxdomain' }, schedule })
  await expect(names.lookUp()).rejects.toMatchObject({ code: 'ENOTFOUND' })
  await expect.poll(() => names.lookUp().catch(() => [])).toEqual(['127.0.0.1'])
})

test.each([
  ['an answer that there is not', { attributes: { answer: 'maybe' } }, 'answer is one of address, nxdomain'],
  ['a share of look-ups', { toxicity: 0.5 }, 'no toxicity, applies or trigger'],
])('%s is refused', async (_what, body, why) => {
  await using names = await openNames()
  const response = await names.toxic(body)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain(why)
})

test.each([
  ['noise', Buffer.from('no question at all')],
  ['nothing', Buffer.alloc(0)],
  ['a header that promises 65,535 questions', Buffer.from('00010100ffff000000000000', 'hex')],
  ['an answer', Buffer.from('000181800001000000000000', 'hex')],
])('%s is passed over, and the next question answered', async (_what, packet) => {
  await using names = await openNames()
  const socket = createSocket('udp4')
  const [host, port] = names.server.names!.split(':')
  const { promise: sent, resolve } = Promise.withResolvers<unknown>()
  socket.send(packet, Number(port), host, resolve)
  await sent
  expect(await names.lookUp()).toEqual(['127.0.0.1'])
  socket.close()
})

test('a port for names that is taken is told, and nothing keeps running', async () => {
  await using first = await startProxyServer({ namesPort: 0 })
  const namesPort = Number(first.names!.split(':')[1])
  const api = createServer().listen(0, '127.0.0.1')
  await once(api, 'listening')
  const { port } = api.address() as { port: number }
  api.close()
  await once(api, 'close')
  await expect(startProxyServer({ port, namesPort })).rejects.toThrow('address already in use')
  await (await startProxyServer({ port }))[Symbol.asyncDispose]()
})
