import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentClient, LookMark } from '#probe'
import { lookAt } from '../look.test-data.ts'
import { type FollowOptions, followAgent } from './follow-agent.ts'

const target = { target: 'database', link: 'app/database', vantage: 'app-side' } as const

let ended: AbortController
beforeEach(() => {
  ended = new AbortController()
})
afterEach(() => ended.abort(new Error('the test has ended')))

/** A connection to an agent that ends when `hangUp` is called. */
function connection(missed: AgentClient['missed'] = [], mark?: LookMark) {
  const closed = Promise.withResolvers<void>()
  const client: AgentClient = {
    targets: [{ ...target, protocol: 'postgres', timeoutMs: 100 }],
    clockOffsetMs: 0,
    clockErrorMs: 0,
    missed,
    mark,
    look: async (_target, kind) => lookAt(0, { connection: kind }),
    closed: closed.promise,
    async [Symbol.asyncDispose]() {},
  }
  return { client, hangUp: closed.resolve }
}

function following(connect: FollowOptions['connect'], reconnect: boolean) {
  const told: unknown[] = []
  const looks = followAgent({
    connect,
    reconnect,
    found: (views) => told.push(views),
    lost: (reason) => told.push(reason),
    missed: (look) => told.push(look),
    signal: ended.signal,
  })
  return { told, looks }
}

test('each of its targets is looked at on a new and on a kept connection', async () => {
  const { client } = connection()
  const { told, looks } = following(async () => client, false)
  await expect.poll(() => told).toEqual([[target]])
  const seen = await Promise.all(looks().map((look) => look(ended.signal)))
  expect(seen.map((look) => look.connection)).toEqual(['new', 'kept'])
})

test('after a loss there is nothing to look at, and it stays so without reconnect', async () => {
  const { client, hangUp } = connection()
  let connects = 0
  const { told, looks } = following(async () => {
    connects += 1
    return client
  }, false)
  await expect.poll(() => told).toHaveLength(1)
  hangUp()
  await expect.poll(() => told.at(-1)).toBe('the connection ended')
  expect([looks(), connects]).toEqual([[], 1])
})

test('it comes back after a loss, and one loss is told once however often it tries', async () => {
  const first = connection()
  const answers = [first.client, undefined, undefined, connection().client]
  const connect = async () => {
    const answer = answers.shift()
    if (!answer) throw new Error('nobody there')
    return answer
  }
  const { told } = following(connect, true)
  await expect.poll(() => told).toHaveLength(1)
  first.hangUp()
  await expect.poll(() => told, { timeout: 10_000 }).toHaveLength(3)
  expect(told).toEqual([[target], 'the connection ended', [target]])
})

test('what it saw while it was lost is asked for, and told, when it is found again', async () => {
  const mark: LookMark = { run: 'one', number: 7 }
  const missed = lookAt(5)
  const first = connection([], mark)
  const connections = [first.client, connection([missed]).client]
  const asked: unknown[] = []
  const { told } = following(async (_signal, after) => {
    asked.push(after)
    return connections.shift()!
  }, true)
  await expect.poll(() => told).toHaveLength(1)
  first.hangUp()
  await expect.poll(() => told).toEqual([[target], 'the connection ended', missed, [target]])
  expect(asked).toEqual([undefined, mark])
})
