import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findBrowser } from '#environment'
import { attemptsOf, hostOver } from './vitest-run.ts'

const server = createServer((request, response) => {
  if (request.url === '/cut') return void request.socket.resetAndDestroy()
  if (request.url === '/silent') return
  response.setHeader('content-type', 'text/html').end('<h1>Hello</h1>')
})
let folder: string
let session: Awaited<ReturnType<typeof hostOver>>

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'faultline-pages-'))
  const signal = AbortSignal.timeout(60_000)
  const searchPath = process.env['PATH'] ?? ''
  const { executablePath, args, environment } = await findBrowser({
    searchPath,
    root: path.resolve(import.meta.dirname, '../..'),
    dir: folder,
    signal,
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  session = await hostOver('browser', {
    provide: {
      entry: { service: 'app', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
      browser: { executablePath, args, env: { PATH: searchPath, HOME: folder, ...environment } },
      artifactsDir: path.join(folder, 'artifacts'),
    },
  })
  await session.run()
}, 120_000)

afterAll(async () => {
  await session?.[Symbol.asyncDispose]()
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

test('a test in a browser reaches the entry, and its requests belong to the attempt', () => {
  const [attempt] = attemptsOf(session.told, 'shows what the entry serves')
  expect(attempt).toMatchObject({ outcome: 'passed', errors: [] })
  expect(attempt?.exchanges).toContainEqual(
    expect.objectContaining({ operation: 'GET /', target: 'app', outcome: 'ok', code: '200' }),
  )
})

test('tests share a browser and nothing in it', () => {
  for (const title of ['has a context of its own', 'finds nothing of the test before'])
    expect(attemptsOf(session.told, title)).toMatchObject([{ outcome: 'passed' }])
})

test('a cut connection is told by the browser’s own code, with a picture of the page', async () => {
  const [attempt] = attemptsOf(session.told, 'meets a cut connection')
  expect(attempt?.signals[0]).toMatchObject({
    kind: 'net-err',
    code: expect.stringContaining('ERR_CONNECTION_RESET'),
  })
  expect(attempt?.exchanges).toContainEqual(
    expect.objectContaining({
      operation: 'GET /cut',
      target: 'app',
      outcome: 'failed',
      code: 'net::ERR_CONNECTION_RESET',
    }),
  )
  expect(attempt?.screenshot).toMatch(/^artifacts\/[0-9a-f]{16}\.jpg$/)
  const picture = await readFile(path.join(folder, attempt?.screenshot ?? ''))
  expect(picture.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
})

test('a request that is still under way when the test fails is an aborted exchange', () => {
  const [attempt] = attemptsOf(session.told, 'waits for an answer that never comes')
  expect(attempt?.signals[0]).toMatchObject({ family: 'no-answer' })
  expect(attempt?.exchanges).toContainEqual(
    expect.objectContaining({ operation: 'GET /silent', target: 'app', outcome: 'aborted' }),
  )
})
