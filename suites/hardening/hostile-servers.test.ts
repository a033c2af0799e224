import { describe, expect, test } from 'vitest'
import { Secret } from '#core'
import { createObservedHttp } from '#evidence'
import { connectAgent, createProber, type ProbeTarget } from '#probe'
import { entryAnswers } from '#session'
import { readEvents } from '../../framework/environment/events/source.ts'
import { hostile, serveHostile } from './hostile-servers.ts'

const timeoutMs = 400
/** Far more than any limit that holds here, for a busy machine; what hangs would never end. */
const patienceMs = 30_000
const mostBytes = 300 * 1024 * 1024

/** What `work` took in ms, and how much memory it left taken. */
async function cost(work: () => Promise<unknown>): Promise<{ ms: number; bytes: number }> {
  const before = process.memoryUsage.rss()
  const began = performance.now()
  await work()
  return { ms: performance.now() - began, bytes: process.memoryUsage.rss() - before }
}

const schemes = { http: 'http', postgres: 'postgres', websocket: 'ws', tls: 'tls' } as const
const looks = Object.keys(hostile).flatMap((name) =>
  Object.keys(schemes).map((protocol) => ({ name, protocol: protocol as keyof typeof schemes })),
)

test.each(looks)(
  'a look by $protocol at what $name ends in time, and takes little memory',
  async ({ name, protocol }) => {
    await using server = await serveHostile(hostile[name]!)
    const address = `${schemes[protocol]}://u:p@127.0.0.1:${server.port}/`
    const target: ProbeTarget = { target: 'x', vantage: 'runner', protocol, address, timeoutMs, slowMs: 500 }
    await using prober = createProber(target)
    const { ms, bytes } = await cost(async () => {
      for (const connection of ['new', 'kept'] as const) {
        const { detail } = await prober.look(connection, AbortSignal.timeout(patienceMs))
        expect((detail ?? '').length).toBeLessThan(2000)
      }
    })
    expect(ms).toBeLessThan(patienceMs)
    expect(bytes).toBeLessThan(mostBytes)
  },
)

describe.each(Object.entries(hostile))('of a server that %s', (_, behave) => {
  test('a test’s client has an end, and takes little memory', async () => {
    await using server = await serveHostile(behave)
    const http = createObservedHttp({
      baseUrl: `http://127.0.0.1:${server.port}`,
      target: 'app',
      timeoutMs: 1000,
      note() {},
    })
    const { ms, bytes } = await cost(() => http.get('/').catch(() => {}))
    expect(ms).toBeLessThan(patienceMs)
    expect(bytes).toBeLessThan(2 * mostBytes)
  })

  test('events are no more than trouble', async () => {
    await using server = await serveHostile(behave)
    const signal = AbortSignal.timeout(1200)
    const troubles: string[] = []
    const source = { url: `http://127.0.0.1:${server.port}/` }
    const { ms, bytes } = await cost(() =>
      readEvents(source, {
        topology: { entry: 'app', services: {} },
        environment: {},
        onSpawn() {},
        onEvent() {},
        onTrouble: (reason) => troubles.push(reason),
        signal,
        pauseMs: 500,
      }),
    )
    expect(ms).toBeLessThan(patienceMs)
    expect(bytes).toBeLessThan(mostBytes)
    expect(troubles.join().length).toBeLessThan(10_000)
  })

  test('as an agent it is refused in time', async () => {
    await using server = await serveHostile(behave)
    const connecting = connectAgent({
      url: `http://127.0.0.1:${server.port}`,
      token: new Secret('t'.repeat(20)),
      timeoutMs,
      signal: AbortSignal.timeout(patienceMs),
    })
    await expect(connecting).rejects.toMatchObject({ code: expect.stringMatching(/^FL300[12]$/) })
  })
})

test('an entry that begins an answer and never ends it is not waited for', async () => {
  await using server = await serveHostile(hostile['sends headers a byte at a time']!)
  const environment = { connections: { entry: `http://127.0.0.1:${server.port}` } } as never
  const { ms } = await cost(() => entryAnswers(environment, AbortSignal.timeout(60_000)))
  expect(ms).toBeLessThan(40_000)
})
