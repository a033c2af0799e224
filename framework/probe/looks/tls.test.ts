import { once } from 'node:events'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { waitFor } from '#core'
import { type SelfSigned, selfSigned } from '../certificates.test-data.ts'
import type { Observation } from '../observation.ts'
import { createProber } from '../prober.ts'
import { listenTcp, targetAt } from '../servers.test-data.ts'
import type { ProbeTarget } from '../target.ts'

const never = new AbortController().signal

async function lookAt(
  scheme: 'tls' | 'https',
  port: number,
  more: Partial<ProbeTarget> = {},
): Promise<Observation> {
  const protocol = scheme === 'tls' ? 'tls' : 'http'
  await using prober = createProber(targetAt(protocol, `${scheme}://localhost:${port}`, more))
  return await prober.look('new', never)
}

async function lookAtServer(scheme: 'tls' | 'https', { key, cert }: SelfSigned, ca: string | undefined) {
  const server = https.createServer({ key, cert }, (_request, response) => response.end('fine'))
  server.on('tlsClientError', () => {})
  server.listen(0, 'localhost')
  await once(server, 'listening')
  try {
    return await lookAt(scheme, (server.address() as AddressInfo).port, ca === undefined ? {} : { ca })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

test.each(['tls', 'https'] as const)(
  '%s with a trusted certificate is ok, with its handshake',
  async (scheme) => {
    const good = selfSigned('localhost', 90)
    const seen = await lookAtServer(scheme, good, good.cert)
    expect(seen.outcome).toBe('ok')
    expect(seen.phases.tlsMs).toBeGreaterThan(0)
  },
)

test('tls tells its version and how long the certificate lasts', async () => {
  const good = selfSigned('localhost', 90.5)
  expect((await lookAtServer('tls', good, good.cert)).detail).toBe('TLSv1.3, the certificate ends in 90 days')
})

test.each(['tls', 'https'] as const)('%s with an expired certificate is misconfigured', async (scheme) => {
  const expired = selfSigned('localhost', -1)
  const seen = await lookAtServer(scheme, expired, expired.cert)
  expect(seen).toMatchObject({ outcome: 'misconfigured', code: 'CERT_HAS_EXPIRED' })
})

test.each(['tls', 'https'] as const)(
  '%s with a certificate for another host is misconfigured',
  async (scheme) => {
    const other = selfSigned('elsewhere.test', 90)
    const seen = await lookAtServer(scheme, other, other.cert)
    expect(seen).toMatchObject({ outcome: 'misconfigured', code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  },
)

test('a certificate that nobody vouches for is misconfigured', async () => {
  const seen = await lookAtServer('https', selfSigned('localhost', 90), undefined)
  expect(seen).toMatchObject({ outcome: 'misconfigured', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
})

test('a handshake without an answer is no-answer, and the socket goes', async () => {
  await using server = await listenTcp((socket) => socket.resume())
  const seen = await lookAt('tls', server.port, { timeoutMs: 200 })
  expect(seen).toMatchObject({
    outcome: 'no-answer',
    detail: 'connected, then no byte of an answer within 200 ms',
  })
  await waitFor(() => server.sockets.size === 0, { limitMs: 5000 })
})

test('a handshake that the peer breaks off is cut', async () => {
  await using server = await listenTcp((socket) => socket.once('data', () => socket.destroy()))
  expect((await lookAt('tls', server.port)).outcome).toBe('cut')
})
