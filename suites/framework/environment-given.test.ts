import { Client } from 'pg'
import { expect, test } from 'vitest'
import { waitFor } from '#core'
import { defineEnvironment, given, node } from '#environment'
import { createLinkFaults, type LinkFaultSpec, parseFault } from '#fault'
import { connectAgent } from '#probe'
import { startStack, whoAnswers } from './environment-stack.ts'
import { PostgresServers, password, user } from './probe-postgres-server.ts'

test('a database that runs already is used over a link that can be hurt, and stays when the run ends', async () => {
  await using servers = new PostgresServers()
  const port = await servers.start([])
  const definition = defineEnvironment({
    entry: 'auth',
    services: {
      database: given({
        url: `postgres://${user}:${password}@127.0.0.1:${port}/postgres`,
        owner: 'platform',
      }),
      auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL' } }),
    },
  })
  {
    await using stack = await startStack({}, definition)
    const { connections, proxy, topology, agent } = stack.environment
    await waitFor(() => whoAnswers(connections.entry), { limitMs: 15_000 })
    const signal = AbortSignal.timeout(20_000)
    await using client = await connectAgent({
      url: agent!.url,
      token: agent!.token,
      signal,
      timeoutMs: 5_000,
    })
    const look = async () =>
      (await client.look({ target: 'database', link: 'auth/database' }, 'new', signal)).outcome
    expect(await look()).toBe('ok')
    const fault = parseFault('link-down@auth/database', topology) as LinkFaultSpec
    await using _down = await createLinkFaults(proxy!).inject(fault)
    expect(await look()).toBe('refused')
  }
  const kept = new Client({ host: '127.0.0.1', port, user, password, database: 'postgres' })
  await kept.connect()
  await kept.end()
})
