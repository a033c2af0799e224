import { beforeEach, expect, test } from 'vitest'
import { waitFor } from '#core'
import { faultline } from '../gate/gate-command.ts'
import { startOwner } from './owner-process.ts'
import { composed, docker, heldBy, obstacleToContainers, startStack } from './stack.ts'

const obstacle = await obstacleToContainers('Docker Compose')

beforeEach(({ skip }) => {
  if (obstacle !== undefined) skip(obstacle)
})

const soon = { limitMs: 20_000, everyMs: 50 }
const promise = { limitMs: 10_000, everyMs: 100 }

test('services of a compose file are used over links of the run, stopped and started, and end with it', async () => {
  const stack = await startStack(composed)
  try {
    const { connections, services } = stack.environment
    const overLink = connections.links['auth/search']!.url.reveal()
    const direct = connections.direct['search']!.url.reveal()
    await waitFor(() => says(overLink, 'found'), soon)
    expect(connections.direct['database']!.url.reveal()).toMatch(/^postgres:\/\/ada:.*\/theirs$/)
    // What the file says of restarts would undo the fault.
    const stop = await services!.stop('database')
    expect(stack.events.findLast(({ service }) => service === 'database')).toMatchObject({ event: 'stopped' })
    await stop[Symbol.asyncDispose]()
    const kill = await services!.kill('search')
    expect(await says(direct, 'found')).toBe(false)
    expect(await says(overLink, 'found')).toBe(false)
    await kill[Symbol.asyncDispose]()
    // Its places outlive it.
    await waitFor(() => says(direct, 'found'), soon)
    await waitFor(() => says(overLink, 'found'), soon)
    expect(await ofProject(stack.leaseId)).toHaveLength(5)
  } finally {
    await stack[Symbol.asyncDispose]()
  }
  expect(await ofProject(stack.leaseId)).toEqual([])
})

test('the owner is killed: its compose project is gone, with what its services depend on', async () => {
  await using started = await startOwner('composed')
  const { leaseId, owner } = started
  expect(await ofProject(leaseId)).toHaveLength(5)
  owner.kill('SIGKILL')
  await waitFor(async () => (await ofProject(leaseId)).length + (await heldBy(leaseId)).length === 0, promise)
})

test('a service that the compose file doesn’t have is named, and nothing is left behind', async () => {
  const { services } = composed
  const missing = {
    ...services,
    database: { ...services['database'], service: 'nothing' },
  } as typeof services
  const failure = await startStack({ ...composed, services: missing }).catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'FL2001' })
  expect(String(failure)).toMatch(/compose\.yaml did not come up: .*nothing/is)
  expect(await docker('ps', '--all', '--quiet', '--filter', 'label=com.docker.compose.service=search')).toBe(
    '',
  )
})

test('the doctor says whether Docker Compose is there', async () => {
  const { stdout } = await faultline(['doctor'])
  expect(stdout).toMatch(/^ready +Docker Compose +docker[ -]compose v?\d/m)
})

async function says(url: string, text: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined)
  return (await answer?.text().catch(() => '')) === text
}

/** Every container, network and volume of a run's compose project. */
async function ofProject(leaseId: string): Promise<string[]> {
  const filter = ['--filter', `label=com.docker.compose.project=faultline-${leaseId}`, '--quiet']
  const lists = await Promise.all([
    docker('ps', '--all', ...filter),
    docker('network', 'ls', ...filter),
    docker('volume', 'ls', ...filter),
  ])
  return lists.flatMap((list) => list.split('\n')).filter((line) => line !== '')
}
