import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { waitFor } from '#core'
import { container, containers, node } from '#environment'
import { connectAgent } from '#probe'
import { answers, docker, heldBy, obstacleToContainers, small, startStack } from './stack.ts'

const obstacle = await obstacleToContainers()

beforeEach(({ skip }) => {
  if (obstacle !== undefined) skip(obstacle)
})

/** A database as somebody else starts it, with what Testcontainers tells of one; disposing removes it. */
async function theirDatabase() {
  const password = randomBytes(12).toString('hex')
  const id = await docker(
    ...['run', '--detach', '--publish', '127.0.0.1::5432'],
    ...[
      '--env',
      'POSTGRES_USER=ada',
      '--env',
      `POSTGRES_PASSWORD=${password}`,
      '--env',
      'POSTGRES_DB=theirs',
    ],
    small.images.postgres,
  )
  const place = (await docker('port', id, '5432/tcp')).split('\n')[0]!
  return {
    started: {
      getId: () => id,
      getHost: () => '127.0.0.1',
      getMappedPort: () => Number(place.split(':').at(-1)),
    },
    url: `postgres://ada:${password}@any/theirs`,
    isRunning: async () => (await docker('inspect', '--format', '{{.State.Running}}', id)) === 'true',
    networks: () => docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', id),
    async [Symbol.asyncDispose]() {
      await docker('rm', '--force', '--volumes', id)
    },
  }
}

test('a container that was handed in is used over links of the run, and is let go as it was', async () => {
  await using theirs = await theirDatabase()
  const definition = containers({
    ...small,
    services: {
      database: container(theirs.started, { port: 5432, url: theirs.url, owner: 'platform' }),
      auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL' } }),
    },
  })
  const before = Object.keys(JSON.parse(await theirs.networks()) as object)
  const stack = await startStack(definition)
  try {
    const { connections, agent } = stack.environment
    await waitFor(() => answers(connections.entry), { limitMs: 20_000 })
    const signal = AbortSignal.timeout(20_000)
    await using client = await connectAgent({
      url: agent!.url,
      token: agent!.token,
      signal,
      timeoutMs: 5_000,
    })
    const { outcome } = await client.look({ target: 'database', link: 'auth/database' }, 'new', signal)
    expect(outcome).toBe('ok')
  } finally {
    await stack[Symbol.asyncDispose]()
  }
  await waitFor(async () => (await heldBy(stack.leaseId)).length === 0, { limitMs: 10_000, everyMs: 100 })
  expect(await theirs.isRunning()).toBe(true)
  expect(Object.keys(JSON.parse(await theirs.networks()) as object)).toEqual(before)
})
