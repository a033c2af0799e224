import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { certificate, key } from './certificate.test-data.ts'
import { certificateProblems } from './certificate.ts'

const host = '127.0.0.1'
const now = { nowMs: Date.parse('2027-01-01'), leastDays: 14 }
let server: Server
let port: number

beforeAll(async () => {
  server = createServer({ cert: certificate, key }, (socket) => socket.end()).listen(0, host)
  server.on('tlsClientError', () => undefined)
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())

test('a trusted certificate that covers the name has no problem', async () => {
  const entry = { host, port, name: 'chat.example', ca: certificate }
  expect(await certificateProblems(entry, now)).toEqual([])
})

test('a name that the certificate doesn’t cover is told', async () => {
  const entry = { host, port, name: 'other.example', ca: certificate }
  const problems = await certificateProblems(entry, now)
  expect(problems).toEqual([expect.stringContaining("doesn't cover other.example")])
})

test('an authority that nobody trusts is told', async () => {
  const problems = await certificateProblems({ host, port, name: 'chat.example' }, now)
  expect(problems).toEqual(["the certificate isn't trusted: DEPTH_ZERO_SELF_SIGNED_CERT"])
})

test('a certificate that ends soon is told before it does', async () => {
  const entry = { host, port, name: 'chat.example', ca: certificate }
  const [problem] = await certificateProblems(entry, { nowMs: Date.parse('2125-12-25'), leastDays: 14 })
  expect(problem).toMatch(/^the certificate ends in \d+ days/)
})

test('a certificate of the future is told', async () => {
  const entry = { host, port, name: 'chat.example', ca: certificate }
  const [problem] = await certificateProblems(entry, { nowMs: Date.parse('2019-01-01'), leastDays: 14 })
  expect(problem).toMatch(/^the certificate begins/)
})
