import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProxyServer, startProxyServer } from '#fault'
import { hostNamed } from '#topology'
import { askingFor } from './names.ts'

let server: ProxyServer
let port: number
beforeAll(async () => {
  server = await startProxyServer({ seed: 1, namesPort: 0 })
  const entry = (name: string) => ({ name, listen: '127.0.0.1:0', upstream: '127.0.0.1:1', enabled: true })
  const { proxies } = await server.populate(['fine', 'gone', 'failing'].map(entry))
  port = Number(proxies[0]!.listen.split(':')[1])
  for (const [proxy, answer] of Object.entries({ gone: 'nxdomain', failing: 'servfail' }))
    await fetch(`${server.url}/proxies/${proxy}/toxics`, {
      method: 'POST',
      body: JSON.stringify({ type: 'dns', attributes: { answer } }),
    })
})
afterAll(() => server[Symbol.asyncDispose]())

/** What a program of Node that was started so prints: the value of `code`, or its error. */
async function print(code: string, names = server.names!): Promise<unknown> {
  const script = `const print = (value) => console.log(JSON.stringify(value))
    const told = ({ code, syscall, message, hostname }) => ({ code, syscall, message, hostname });
    (async () => ${code})().then(print, (error) => print(told(error.cause ?? error)))`
  const { command, environment } = askingFor(names, {
    command: { file: process.execPath, args: ['--input-type=module', '--eval', imports + script] },
    environment: {},
  })
  const child = spawn(command.file, command.args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  return JSON.parse(await text(child.stdout))
}

const imports = `import dns, { lookup as called } from 'node:dns'
import { lookup } from 'node:dns/promises'
import net from 'node:net'
import { once } from 'node:events'
import { promisify } from 'node:util'\n`

const fine = { address: '127.0.0.1', family: 4 }

test.each([
  ['promises', 'lookup(NAME)', fine],
  ['promises, for all', 'lookup(NAME, { all: true })', [fine]],
  ['promises as a property', 'dns.promises.lookup(NAME)', fine],
  ['a promisified callback', 'promisify(called)(NAME)', fine],
  [
    'a callback without options',
    'new Promise((done) => dns.lookup(NAME, (_, ...found) => done(found)))',
    ['127.0.0.1', 4],
  ],
  [
    'a callback with a family',
    'new Promise((done) => dns.lookup(NAME, 4, (_, ...found) => done(found)))',
    ['127.0.0.1', 4],
  ],
])('a name of a proxy is looked up by %s', async (_how, code, found) => {
  expect(await print(code.replace('NAME', JSON.stringify(hostNamed('fine'))))).toEqual(found)
})

test('a socket connects by the name of a proxy', async () => {
  const connect = `{ const socket = net.connect(${port}, '${hostNamed('fine')}'); await once(socket, 'connect'); socket.destroy(); return 'connected' }`
  expect(await print(connect)).toBe('connected')
})

test.each([
  ['gone', 'ENOTFOUND'],
  ['failing', 'EAI_AGAIN'],
])('a name that is %s is the error of the system’s own resolver', async (proxy, code) => {
  const hostname = hostNamed(proxy)
  const error = { code, syscall: 'getaddrinfo', message: `getaddrinfo ${code} ${hostname}`, hostname }
  expect(await print(`lookup('${hostname}')`)).toEqual(error)
  expect(await print(`fetch('http://${hostname}:${port}')`)).toEqual(error)
})

test('all other names are looked up as ever', async () => {
  expect(await print(`lookup('localhost', { family: 4 })`)).toEqual(fine)
  expect(await print(`promisify(dns.lookup)('127.0.0.1')`)).toEqual(fine)
})

test('a name server that nobody listens at makes the look-up fail, and not hang', async () => {
  await using other = await startProxyServer({ namesPort: 0 })
  const names = other.names!
  await other[Symbol.asyncDispose]()
  expect(await print(`lookup('${hostNamed('fine')}')`, names)).toMatchObject({ code: 'EAI_AGAIN' })
})
