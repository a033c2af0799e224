import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Secret } from '#core'
import { type RunningEnvironment, remote, startRemote } from '#environment'
import { entries } from './environment-stack.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'remote-suite-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const database = 'postgres://reader:hush@db.example/app'
const definition = remote({
  services: {
    database: { owner: 'platform', protocol: 'postgres', url: new Secret(database) },
    cache: { owner: 'platform', protocol: 'tcp' },
    app: {
      owner: 'sut',
      protocol: 'http',
      url: 'https://chat.example/',
      uses: { database: 'required', cache: 'optional' },
    },
  },
  entry: 'app',
  agent: { url: 'wss://agent.example', token: new Secret('sixteen letters!') },
  control: 'https://example.org/',
})

const journal = { append() {} }

function start(): Promise<RunningEnvironment> {
  const signal = AbortSignal.timeout(20_000)
  return startRemote(definition, { stateDir: folder, entries, inheritEnv: process.env, journal, signal })
}

test('what the runner can reach is what has a URL: the entry over its edge, the rest directly', async () => {
  await using environment = await start()
  const { connections, runnerTargets, controlUrl, agent } = environment
  expect(connections.entry).toBe('https://chat.example')
  expect(Object.keys(connections.links)).toEqual(['client/app'])
  expect(Object.keys(connections.direct)).toEqual(['database'])
  expect(connections.direct['database']?.url.reveal()).toBe(database)
  expect(runnerTargets.map(({ target, link, protocol }) => [target, link, protocol])).toEqual([
    ['database', undefined, 'postgres'],
    ['app', 'client/app', 'http'],
  ])
  expect(controlUrl).toBe('https://example.org/')
  expect(agent?.url).toBe('wss://agent.example')
})

test('nothing of it can be disturbed from here', async () => {
  await using environment = await start()
  expect(environment.proxy).toBeUndefined()
  expect(environment.services).toBeUndefined()
})

test('what the session starts beside it ends with it', async () => {
  const environment = await start()
  const child = spawn('sleep', ['60'], {
    env: { PATH: process.env['PATH'], ...environment.lease.environment },
  })
  const ended = once(child, 'exit')
  await environment[Symbol.asyncDispose]()
  expect(await ended).toEqual([null, 'SIGTERM'])
})

test('starting touches nothing of the environment', async () => {
  let requests = 0
  const server = createServer((_request, response) => response.end(String(++requests)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const staging = remote({ services: { app: { owner: 'sut', protocol: 'http', url } }, entry: 'app' })
  const signal = AbortSignal.timeout(20_000)
  const environment = await startRemote(staging, {
    stateDir: folder,
    entries,
    inheritEnv: process.env,
    journal,
    signal,
  })
  await environment[Symbol.asyncDispose]()
  server.close()
  expect(requests).toBe(0)
})
