import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { now, waitFor } from '#core'
import type { WorkerSettings } from '../worker-settings.ts'
import { connectCoordinator, unguided } from './client.ts'
import type { BeginReply, BeginRequest, RunGuide, StandingReply } from './guide.ts'
import { startCoordinator } from './server.ts'

const never = new AbortController().signal
const limits = { connectMs: 2000, welcomeMs: 2000, beginMs: 2000, failedMs: 2000 }
const request: BeginRequest = { testId: 'a.test.ts > a', needs: {}, worker: 'worker:1', n: 1 }
const me = { worker: 'worker:1', pid: process.pid, limits }

function guideWith(guide: Partial<RunGuide> = {}): RunGuide {
  return {
    begin: async () => unguided(),
    failed: async () => {},
    runnerSample() {},
    health: () => ({ at: 0, targets: [] }),
    ...guide,
  }
}

test('a worker is told how to proceed', async () => {
  const blocked: BeginReply = { kind: 'blocked', choice: { ...unguided().choice, blockedBy: ['database'] } }
  const asked: BeginRequest[] = []
  await using coordinator = await startCoordinator(
    guideWith({
      begin: async (test) => {
        asked.push(test)
        return blocked
      },
    }),
  )
  await using client = await connectCoordinator(coordinator.address, me)
  expect(await client.begin(request, never)).toEqual(blocked)
  expect(asked).toEqual([request])
  expect([...coordinator.workers()]).toEqual([['worker:1', process.pid]])
})

test('answers find their questions, in whatever order they come', async () => {
  const first = Promise.withResolvers<void>()
  await using coordinator = await startCoordinator(
    guideWith({
      begin: async ({ n }) => {
        if (n === 1) await first.promise
        else first.resolve()
        return { kind: 'skip', reason: n === 1 ? 'replaced' : 'not-degraded' }
      },
    }),
  )
  await using client = await connectCoordinator(coordinator.address, me)
  const replies = await Promise.all([1, 2].map((n) => client.begin({ ...request, n }, never)))
  expect(replies).toEqual([
    { kind: 'skip', reason: 'replaced' },
    { kind: 'skip', reason: 'not-degraded' },
  ])
})

test('a failure waits for its round', async () => {
  const round = Promise.withResolvers<void>()
  const order: string[] = []
  await using coordinator = await startCoordinator(
    guideWith({
      failed: async () => {
        await round.promise
        order.push('round')
      },
    }),
  )
  await using client = await connectCoordinator(coordinator.address, me)
  const failed = client.failed({ testId: 'a', at: 1, services: [] }, never).then(() => order.push('worker'))
  round.resolve()
  await failed
  expect(order).toEqual(['round', 'worker'])
})

test('a frame of many megabytes arrives whole', async () => {
  const arrived = Promise.withResolvers<string>()
  await using coordinator = await startCoordinator(
    guideWith({ failed: async ({ testId }) => arrived.resolve(testId) }),
  )
  await using client = await connectCoordinator(coordinator.address, me)
  const testId = 'ü'.repeat(3_000_000)
  await client.failed({ testId, at: 1, services: [] }, never)
  expect(await arrived.promise).toBe(testId)
})

test('a question right after a message isn’t held back until the message is acknowledged', async () => {
  await using coordinator = await startCoordinator(guideWith())
  await using client = await connectCoordinator(coordinator.address, me)
  const from = now()
  for (let index = 0; index < 50; index++) {
    client.runnerSample({ at: 1, process: 'worker:1', lagMs: 0, cpuShare: 0 })
    await client.health(never)
  }
  // Linux delays an acknowledgement by 40 ms: fifty of them are two seconds.
  expect(now() - from).toBeLessThan(1500)
})

test('without an owner a test runs, and nothing is known', async () => {
  const coordinator = await startCoordinator(guideWith())
  await coordinator[Symbol.asyncDispose]()
  await using client = await connectCoordinator(coordinator.address, me)
  expect(await client.begin(request, never)).toMatchObject({ kind: 'run', snapshot: { targets: [] } })
  await client.failed({ testId: 'a', at: 1, services: [] }, never)
  expect((await client.health(never)).targets).toEqual([])
})

test('an owner that is lost while a worker waits lets it go on', async () => {
  const asked = Promise.withResolvers<void>()
  const coordinator = await startCoordinator(
    guideWith({
      begin: () => {
        asked.resolve()
        return new Promise(() => {})
      },
    }),
  )
  await using client = await connectCoordinator(coordinator.address, me)
  const reply = client.begin(request, never)
  await asked.promise
  await coordinator[Symbol.asyncDispose]()
  expect(await reply).toMatchObject({ kind: 'run' })
})

test('an owner that never answers is waited for no longer than the limit, and told so', async () => {
  const given = Promise.withResolvers<AbortSignal>()
  await using coordinator = await startCoordinator(
    guideWith({
      begin: (_test, signal) => {
        given.resolve(signal)
        return new Promise(() => {})
      },
    }),
  )
  await using client = await connectCoordinator(coordinator.address, {
    ...me,
    limits: { ...limits, beginMs: 20 },
  })
  expect(await client.begin(request, never)).toMatchObject({ kind: 'run' })
  const signal = await given.promise
  await waitFor(() => signal.aborted, { limitMs: 2000 })
})

test('a peer that accepts and stays silent holds no worker', async () => {
  await using silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const { port } = silent.address() as AddressInfo
  await using client = await connectCoordinator(
    { port, token: 'x' },
    { ...me, limits: { ...limits, welcomeMs: 20 } },
  )
  expect(await client.begin(request, never)).toMatchObject({ kind: 'run' })
})

test('a guide that throws lets the test run', async () => {
  await using coordinator = await startCoordinator(
    guideWith({ begin: () => Promise.reject(new Error('the guide is broken')) }),
  )
  await using client = await connectCoordinator(coordinator.address, me)
  expect(await client.begin(request, never)).toMatchObject({ kind: 'run' })
})

const settings: WorkerSettings = {
  addresses: {},
  policy: { retries: 1, retryDelayMs: 1 },
  baselines: {},
  secrets: [],
  seed: 7,
}

test('a worker that joins early waits until there is a guide, and is told what to go by', async () => {
  const coming = Promise.withResolvers<RunGuide>()
  await using coordinator = await startCoordinator(coming.promise)
  const joining = connectCoordinator(coordinator.address, me)
  await waitFor(() => coordinator.workers().size > 0, { limitMs: 2000 })
  coming.resolve(guideWith({ settings, begin: async () => ({ kind: 'skip', reason: 'replaced' }) }))
  await using client = await joining
  expect(client.settings).toEqual(settings)
  expect(await client.begin(request, never)).toEqual({ kind: 'skip', reason: 'replaced' })
})

test('a worker whose run gets no guide goes on alone', async () => {
  const coming = Promise.withResolvers<RunGuide>()
  await using coordinator = await startCoordinator(coming.promise)
  const joining = connectCoordinator(coordinator.address, me)
  coming.reject(new Error('the environment did not come up'))
  await using client = await joining
  expect(client.settings).toBeUndefined()
  expect(await client.begin(request, never)).toMatchObject({ kind: 'run' })
})

test('a worker that has nothing to run waits for no guide', async () => {
  await using coordinator = await startCoordinator(new Promise<RunGuide>(() => {}))
  const leaving = new AbortController()
  const joining = connectCoordinator(coordinator.address, { ...me, signal: leaving.signal })
  await waitFor(() => coordinator.workers().size > 0, { limitMs: 2000 })
  leaving.abort()
  await using client = await joining
  expect(client.settings).toBeUndefined()
})

test('who asks before the welcome is turned away', async () => {
  const coming = Promise.withResolvers<RunGuide>()
  await using coordinator = await startCoordinator(coming.promise)
  const { port, token } = coordinator.address
  const socket = connect(port, '127.0.0.1')
  const hello = { kind: 'hello', token, worker: 'worker:1', pid: 1 }
  socket.write(`${JSON.stringify(hello)}\n${JSON.stringify({ kind: 'begin', id: 1, test: request })}\n`)
  await once(socket, 'close')
  expect(coordinator.workers().size).toBe(0)
})

/** A guide that answers every question by itself, and whose standing reply can be set. */
function standingGuide() {
  const asked: string[] = []
  const begun: string[] = []
  const told = Promise.withResolvers<(reply: StandingReply | undefined) => void>()
  const guide = guideWith({
    begin: async ({ testId }) => {
      asked.push(testId)
      return unguided()
    },
    standing: {
      begun: ({ testId }) => void begun.push(testId),
      on: (listener) => {
        told.resolve(listener)
        return { [Symbol.dispose]() {} }
      },
    },
  })
  return { guide, asked, begun, tell: told.promise }
}

test('a test that needs nothing begins by the standing reply, unasked, and its owner learns of it', async () => {
  const { guide, asked, begun, tell } = standingGuide()
  await using coordinator = await startCoordinator(guide)
  await using client = await connectCoordinator(coordinator.address, me)
  const standing: StandingReply = { ...unguided(), snapshot: { at: 7, targets: [] } }
  ;(await tell)(standing)
  await client.health(never)
  expect(await client.begin(request, never)).toEqual(standing)
  await waitFor(() => begun.length > 0, { limitMs: 2000 })
  expect({ asked, begun }).toEqual({ asked: [], begun: ['a.test.ts > a'] })
})

test.each<[string, Partial<BeginRequest>]>([
  ['a need', { needs: { database: 'optional' } }],
  ['a variant', { variant: { whenDegraded: 'model' } }],
  ['variants instead', { insteadOfBy: ['model'] }],
])('a test with %s asks, whatever stands', async (_what, own) => {
  const { guide, asked, tell } = standingGuide()
  await using coordinator = await startCoordinator(guide)
  await using client = await connectCoordinator(coordinator.address, me)
  ;(await tell)(unguided())
  await client.health(never)
  await client.begin({ ...request, ...own }, never)
  expect(asked).toEqual(['a.test.ts > a'])
})

test('once the standing reply is withdrawn, every test asks', async () => {
  const { guide, asked, tell } = standingGuide()
  await using coordinator = await startCoordinator(guide)
  await using client = await connectCoordinator(coordinator.address, me)
  ;(await tell)(unguided())
  ;(await tell)(undefined)
  await client.health(never)
  await client.begin(request, never)
  expect(asked).toEqual(['a.test.ts > a'])
})

test.each([
  ['a wrong token', { kind: 'hello', token: 'wrong', worker: 'worker:1', pid: 1 }],
  ['no hello', { kind: 'begin', id: 1, test: request }],
  ['null', null],
])('a stranger with %s is turned away unheard', async (_what, frame) => {
  let heard = false
  await using coordinator = await startCoordinator(
    guideWith({
      begin: async () => {
        heard = true
        return unguided()
      },
    }),
  )
  const socket = connect(coordinator.address.port, '127.0.0.1')
  socket.write(`${JSON.stringify(frame)}\n`)
  await once(socket, 'close')
  expect(heard).toBe(false)
})

test('what isn’t JSON ends the connection and nothing else', async () => {
  await using coordinator = await startCoordinator(guideWith())
  const socket = connect(coordinator.address.port, '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\n\r\n')
  await once(socket, 'close')
  await using client = await connectCoordinator(coordinator.address, me)
  expect(await client.begin(request, never)).toMatchObject({ kind: 'run' })
})
