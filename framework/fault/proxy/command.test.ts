import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runProxyCommand, startProxyServer } from '#fault'

test('-version prints what toxiproxy-server prints', async () => {
  expect(await run(['-version'])).toEqual({ code: 0, out: 'toxiproxy-server version 2.12.0\n', err: '' })
})

test('-h prints the usage and is no error', async () => {
  expect(await run(['-h'])).toMatchObject({ code: 0, err: expect.stringMatching(/^Usage of .*\n\s+-config/) })
})

test.each([
  [['-nope'], /^flag provided but not defined: -nope\n/],
  [['-host'], /^flag needs an argument: -host\n/],
  [['--seed=x'], /^invalid value "x" for flag -seed: parse error\n/],
  [['-proxy-metrics=maybe'], /^invalid value "maybe" for flag -proxy-metrics/],
])('%j is refused with the usage', async (argv, message) => {
  expect(await run(argv)).toMatchObject({ code: 2, err: expect.stringMatching(message) })
})

test('it serves until it is told to stop, and logs as toxiproxy-server does', async () => {
  await using server = await start(['-host=127.0.0.1', '--port', '0'])
  expect((await fetch(`${server.url}/version`)).status).toBe(200)
  expect(await server.stop()).toBe(0)
  const lines = server.log()
  expect(lines.map((line) => line.message).filter(Boolean)).toEqual([
    'Starting Toxiproxy',
    'Starting Toxiproxy HTTP server',
    'Shutdown started',
  ])
  expect(lines.find((line) => line.handler)).toMatchObject({
    level: 'debug',
    method: 'GET',
    status: 200,
    handler: 'Version',
  })
  expect(lines[0]).toMatchObject({ level: 'info', time: expect.stringMatching(/^\d{4}-.*:\d\dZ$/) })
})

test('-names-port has it answer for the names of proxies, and say where', async () => {
  await using server = await start(['-host=127.0.0.1', '-port=0', '-names-port=0'])
  expect(server.log().find(({ names }) => names)).toMatchObject({
    names: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  })
})

test.each([
  ['info', ['Starting Toxiproxy', 'Starting Toxiproxy HTTP server', 'Shutdown started']],
  ['1', ['Starting Toxiproxy', 'Starting Toxiproxy HTTP server', 'Shutdown started']],
  ['ERROR', []],
  ['disabled', []],
  [
    'warning',
    ['unknown LOG_LEVEL', 'Starting Toxiproxy', 'Starting Toxiproxy HTTP server', 'Shutdown started'],
  ],
])('LOG_LEVEL %s logs %j', async (logLevel, messages) => {
  const { out } = await run(['-host', '127.0.0.1', '-port', '0'], { logLevel, stopped: true })
  expect(
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).message),
  ).toEqual(messages)
})

test('an API port that is taken ends it with 1', async () => {
  await using other = await startProxyServer()
  const { port } = new URL(other.url)
  const { code, out } = await run(['-host', '127.0.0.1', '-port', port])
  expect(code).toBe(1)
  expect(out).toContain('address already in use')
})

test('a config file creates proxies before the API answers', async () => {
  await using folder = await scratch()
  await folder.write('[{"name":"p","listen":"localhost:0","upstream":"u:1"}]')
  await using server = await start(['-port', '0', '-config', folder.file])
  expect(await (await fetch(`${server.url}/proxies`)).json()).toMatchObject({ p: { enabled: true } })
})

test('a config file that is wrong is logged, and the server serves', async () => {
  await using folder = await scratch()
  await folder.write('[{"name":"p"}]')
  await using server = await start(['-port', '0', '-config', folder.file])
  expect(await (await fetch(`${server.url}/proxies`)).json()).toEqual({})
  expect(server.log()).toContainEqual(
    expect.objectContaining({ level: 'error', error: 'missing required field: upstream at proxy 1' }),
  )
})

test('without a metrics flag there is no /metrics', async () => {
  await using server = await startProxyServer()
  expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
})

test('the runtime’s metrics are those of Node', async () => {
  await using server = await startProxyServer({ metrics: { runtime: true } })
  const text = await (await fetch(`${server.url}/metrics`)).text()
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m)
  expect(text).toContain(`nodejs_version_info{version="${process.version}"} 1`)
})

test('the traffic of a proxy is counted while a connection is open, and stays counted', async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
  await once(echo, 'listening')
  const upstream = `127.0.0.1:${(echo.address() as AddressInfo).port}`
  await using server = await startProxyServer({ metrics: { proxy: true } })
  const { proxies } = await server.populate([{ name: 'p', listen: '127.0.0.1:0', upstream, enabled: true }])
  const { listen } = proxies[0]!
  const client = connect(Number(listen.split(':')[1]), '127.0.0.1')
  client.write('hello')
  await once(client, 'data')
  const labels = `direction="upstream",listener="${listen}",proxy="p",upstream="${upstream}"`
  const scrape = async () => (await fetch(`${server.url}/metrics`)).text()
  expect(await scrape()).toContain(`toxiproxy_proxy_received_bytes_total{${labels}} 5\n`)
  client.end()
  await once(client.resume(), 'close')
  await expect.poll(scrape).toContain(`toxiproxy_proxy_sent_bytes_total{${labels}} 5\n`)
  echo.close()
})

async function run(argv: string[], options: { logLevel?: string; stopped?: boolean } = {}) {
  let out = ''
  let err = ''
  const code = await runProxyCommand(argv, {
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
    logLevel: options.logLevel,
    stop: options.stopped ? AbortSignal.abort() : new AbortController().signal,
  })
  return { code, out, err }
}

/** The command, running; `url` is what its log says. */
async function start(argv: string[]) {
  let out = ''
  const controller = new AbortController()
  const code = runProxyCommand(argv, {
    out: (text) => {
      out += text
    },
    err: () => {},
    logLevel: undefined,
    stop: controller.signal,
  })
  const log = () =>
    out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  const serving = () => log().find((line) => line.message === 'Starting Toxiproxy HTTP server')
  await expect.poll(serving).toBeDefined()
  const stop = () => {
    controller.abort()
    return code
  }
  return {
    url: `http://${serving().address}`,
    log,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

async function scratch() {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-proxy-'))
  const file = join(folder, 'proxies.json')
  return {
    file,
    write: (text: string) => writeFile(file, text),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}
