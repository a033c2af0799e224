import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { waitFor } from '#core'
import { startProxyServer } from '#fault'
import type { LinkName } from '#topology'
import { watchLinks } from './chaos-links.ts'
import { proveRolledBack } from './chaos-rollback.ts'

/** One link through a real proxy to a server that echoes. */
async function setUp() {
  await using opening = new AsyncDisposableStack()
  const sockets: Socket[] = []
  const server = createServer((socket) => void socket.on('error', () => {}).pipe(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opening.defer(() => void server.close())
  const proxy = opening.use(await startProxyServer({ host: '127.0.0.1', port: 0 }))
  const call = (path: string, body: object) =>
    fetch(`${proxy.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
  const upstream = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const made = await call('/proxies', { name: 'app.model', listen: '127.0.0.1:0', upstream, enabled: true })
  const { listen } = (await made.json()) as { listen: string }
  opening.defer(() => {
    for (const socket of sockets) socket.destroy()
  })
  const stack = opening.move()
  return {
    call,
    proxy: { apiUrl: proxy.url, proxiesOf: (link: LinkName) => (link === 'app/model' ? ['app.model'] : []) },
    async send() {
      const socket = connect(Number(listen.split(':').at(-1)), '127.0.0.1').on('error', () => {})
      sockets.push(socket)
      await once(socket, 'connect')
      socket.write('hello')
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const processes = () => [{ role: 'app', pid: 1 }]

test('proxies that listen and carry no toxic, and services that run, are the proof of a roll-back', async () => {
  await using stage = await setUp()
  expect(await proveRolledBack({ ...stage, kind: 'embedded', processes }, ['app'])).toEqual({
    proven: true,
    detail: 'all 1 proxies listen and carry no toxic, all 1 services run',
  })
})

test('a toxic that is left behind is named', async () => {
  await using stage = await setUp()
  await stage.call('/proxies/app.model/toxics', { type: 'latency', attributes: { latency: 5 } })
  expect(await proveRolledBack({ ...stage, kind: 'embedded', processes }, ['app'], 200)).toEqual({
    proven: false,
    detail: 'app.model still carries a toxic',
  })
})

test('a proxy that doesn’t listen is named', async () => {
  await using stage = await setUp()
  await stage.call('/proxies/app.model', { enabled: false })
  expect(await proveRolledBack({ ...stage, kind: 'embedded', processes }, [], 200)).toMatchObject({
    proven: false,
    detail: 'app.model does not listen',
  })
})

test('a service that doesn’t run is named', async () => {
  await using stage = await setUp()
  expect(
    await proveRolledBack({ ...stage, kind: 'embedded', processes }, ['app', 'auth'], 200),
  ).toMatchObject({
    proven: false,
    detail: 'auth does not run',
  })
})

test('a proxy that can’t be asked proves nothing', async () => {
  const gone = { apiUrl: 'http://127.0.0.1:1', proxiesOf: () => [] }
  expect(await proveRolledBack({ proxy: gone, kind: 'embedded', processes }, [], 200)).toMatchObject({
    proven: false,
  })
})

test('what is sent over a link shows in its samples', async () => {
  await using stage = await setUp()
  await using watch = watchLinks(stage, ['app/model', 'app/other'])
  await waitFor(() => (watch.samples()['app/model']?.length ?? 0) > 0, { limitMs: 5000 })
  await stage.send()
  await waitFor(() => watch.samples()['app/model']?.at(-1)?.bytesUp === 5, { limitMs: 5000 })
  expect(watch.samples()['app/model']?.at(0)).toMatchObject({ accepted: 0, open: 0, bytesUp: 0 })
  expect(watch.samples()['app/model']?.at(-1)).toMatchObject({ accepted: 1, open: 1 })
  expect(watch.samples()).not.toHaveProperty('app/other')
})
