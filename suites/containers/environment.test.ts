import { once } from 'node:events'
import pg from 'pg'
import { beforeEach, describe, expect, test } from 'vitest'
import { waitFor } from '#core'
import { containers, node, type PlatformEvent } from '#environment'
import { createLinkFaults, type LinkFaultSpec, parseFault } from '#fault'
import { faultline } from '../gate/gate-command.ts'
import { startOwner } from './owner-process.ts'
import { answers, docker, heldBy, obstacleToContainers, small, startStack } from './stack.ts'

const obstacle = await obstacleToContainers()
/** What the design promises: nothing survives its owner by more than this. */
const promise = { limitMs: 10_000, everyMs: 100 }
const soon = { limitMs: 20_000, everyMs: 50 }

test('without an engine the error says what was tried, and what to do', async () => {
  const nowhere = { DOCKER_HOST: 'tcp://127.0.0.1:1' }
  const { exitCode, stderr } = await faultline(['probe', '--env', 'containers'], nowhere)
  expect(exitCode).toBe(78)
  expect(stderr).toContain('FL2005')
  expect(stderr).toContain('DOCKER_HOST (tcp://127.0.0.1:1: no answer), /var/run/docker.sock')
  expect(stderr).toContain('Start an engine, or name one in DOCKER_HOST')
})

describe('with an engine', () => {
  beforeEach(({ skip }) => {
    if (obstacle !== undefined) skip(obstacle)
  })

  test('what a platform does to a service is seen as the engine tells it', async () => {
    await using stack = await startStack()
    const { environment, events } = stack
    const { services, connections } = environment
    const url = connections.direct['auth']!.url.reveal()
    const last = () => events.findLast(({ service, event }) => service === 'auth' && event !== 'running')
    await waitFor(() => answers(url), soon)
    await waitFor(() => events.some(({ service, event }) => service === 'auth' && event === 'running'), soon)

    const stop = await services!.stop('auth')
    expect(await answers(url)).toBe(false)
    expect(last()).toMatchObject({ event: 'stopped', incarnation: 1 })
    expect(services!.seenStopped('auth')).toBe(true)
    await stop[Symbol.asyncDispose]()
    // Its place outlives it: the same address answers again.
    await waitFor(() => answers(url), soon)
    expect(last()).toMatchObject({ event: 'started', incarnation: 2 })

    const freeze = await services!.freeze('auth')
    expect(await answers(url)).toBe(false)
    expect(last()).toMatchObject({ event: 'stopped', incarnation: 2 })
    await freeze[Symbol.asyncDispose]()
    await waitFor(() => answers(url), soon)

    const kill = await services!.kill('auth')
    expect(last()).toMatchObject({ event: 'stopped', incarnation: 2 })
    await kill[Symbol.asyncDispose]()
    await waitFor(() => answers(url), soon)
    expect(last()).toMatchObject({ event: 'started', incarnation: 3 })
  })

  test('a service that ends by itself has exited, and is started again', async () => {
    const crashing = containers({
      ...small,
      entry: 'crashing',
      services: { crashing: node('suites/containers/crashing.ts') },
    })
    await using stack = await startStack(crashing)
    const of = (event: PlatformEvent['event']) => stack.events.filter((one) => one.event === event)
    await waitFor(() => of('started').length >= 3, soon)
    expect(of('exited')[0]).toMatchObject({ service: 'crashing', incarnation: 1, code: 7, signal: null })
    expect(of('stopped')).toEqual([])
  })

  test('a fault on a link is on the application’s proxy and on the agent’s, and the relay knows whether it bit', async () => {
    await using stack = await startStack()
    const { connections, proxy, topology } = stack.environment
    const url = connections.links['auth/database']!.url.reveal()
    const faults = createLinkFaults(proxy!)
    const put = (text: string) => faults.inject(parseFault(text, topology) as LinkFaultSpec)
    expect(await queries(url)).toBe('1')

    const down = await put('link-down@auth/database')
    expect(await queries(url)).not.toBe('1')
    await down.release()
    expect(await queries(url)).toBe('1')

    const slow = await put('latency=200ms@auth/database')
    expect(await queries(url)).toBe('1')
    expect(await slow.bit()).toBe(true)
    await slow.release()
    expect(proxy!.proxiesOf('auth/database')).toEqual(['auth.database', 'auth.database.agent'])
  })

  test('the end of Toxiproxy ends the run', async () => {
    await using stack = await startStack()
    const ids = await docker(
      'ps',
      '--quiet',
      '--filter',
      `label=faultline.lease=${stack.leaseId}`,
      '--filter',
      'label=faultline.role=toxiproxy.faultline',
    )
    await docker('kill', ids)
    expect((await stack.environment.lost).code).toBe('FL2004')
  })

  test('an image that can’t be had is named, and nothing is left behind', async () => {
    const before = await docker('network', 'ls', '--quiet', '--filter', 'label=faultline.lease')
    const broken = containers({
      ...small,
      images: { ...small.images, toxiproxy: 'faultline.local/nothing:0' },
    })
    const failure = await startStack(broken).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'FL2001' })
    expect(String(failure)).toContain('faultline.local/nothing:0')
    expect(await docker('network', 'ls', '--quiet', '--filter', 'label=faultline.lease')).toBe(before)
  })

  test('what is left of an owner and a keeper that were both killed goes with the next start', async () => {
    await using started = await startOwner()
    const { leaseId, keeper, owner } = started
    process.kill(keeper, 'SIGSTOP')
    owner.kill('SIGKILL')
    process.kill(keeper, 'SIGKILL')
    await once(owner, 'exit')
    expect((await heldBy(leaseId)).length).toBeGreaterThanOrEqual(8)
    await using stack = await startStack()
    expect(await heldBy(leaseId)).toEqual([])
    expect((await heldBy(stack.leaseId)).length).toBeGreaterThanOrEqual(8)
  })

  test.for(['the owner', 'the keeper'])(
    '%s is killed: all of the run is gone, and nothing else',
    async (who) => {
      const bystander = await docker(
        'run',
        '--detach',
        '--label',
        'faultline.lease=of-somebody-else',
        small.images.node,
        'sleep',
        '60',
      )
      await using started = await startOwner()
      const { leaseId, keeper, owner } = started
      try {
        expect((await heldBy(leaseId)).length).toBeGreaterThanOrEqual(8)
        process.kill(who === 'the owner' ? owner.pid! : keeper, 'SIGKILL')
        await waitFor(async () => (await heldBy(leaseId)).length === 0, promise)
        expect(await docker('inspect', '--format', '{{.State.Status}}', bystander)).toBe('running')
      } finally {
        await docker('rm', '--force', bystander)
      }
    },
  )
})

/** What a query over a new connection gives, or what it fails with. */
async function queries(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ one: number }>('SELECT 1 AS one')
    return String(rows[0]?.one)
  } catch (error) {
    return String(error)
  } finally {
    await client.end().catch(() => {})
  }
}
