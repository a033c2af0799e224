import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ChatClient } from './backend-client.ts'
import { Service, Stack, TestPostgres, until } from './backend-stack.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

describe('defects that end the start', () => {
  const rows = [
    { defect: 'crash-at-start', says: 'TypeError' },
    { defect: 'missing-migration', says: 'messages.edited_at' },
    { defect: 'wrong-dsn', says: 'does not exist' },
    { defect: 'no-such-defect', says: 'unknown defect no-such-defect' },
    { defect: 'wrong-answer,wrong-answer', says: "can't be on together" },
  ]
  test.for(rows)('$defect ends the process with 1 and says why', async ({ defect, says }) => {
    await using stack = await Stack.start(postgres)
    await using app = new Service('main.ts', { ...stack.env, FIXTURE_DEFECTS: defect })
    expect(await app.exit).toBe(1)
    expect(app.log).toContain(says)
  })
})

test('wrong-answer spoils the answers and nothing else', async () => {
  await using stack = await Stack.start(postgres, { defects: 'wrong-answer' })
  const ada = await ChatClient.signIn(stack.app.url, 'ada')
  const thread = await ada.createThread()
  using socket = await ada.open()
  expect(await ada.ask(socket, thread, 'hello there')).toMatchObject({
    text: 'there hello words: 2 wrote You',
    degraded: null,
  })
  expect((await ada.messages(thread))[0]).toMatchObject({ text: 'hello there' })
  expect((await ada.send('GET', '/health')).body).toMatchObject({ status: 'pass' })
})

test('crash-on-message ends the process, and bystanders lose their connections', async () => {
  await using stack = await Stack.start(postgres, { defects: 'crash-on-message' })
  const ada = await ChatClient.signIn(stack.app.url, 'ada')
  const thread = await ada.createThread()
  using bystander = await ada.open()
  const closed = new Promise((resolve) => bystander.socket.once('close', resolve))
  await expect(ada.post(thread, 'hello')).rejects.toThrow('fetch failed')
  expect(await stack.app.exit).toBe(1)
  expect(await closed).toBe(1006)
})

test('pool-leak leaves every request without a connection while the database is well', async () => {
  await using stack = await Stack.start(postgres, { defects: 'pool-leak' })
  const ada = await ChatClient.signIn(stack.app.url, 'ada')
  const thread = await ada.createThread()
  const statuses: number[] = []
  for (let index = 0; index < 4; index += 1) statuses.push((await ada.post(thread, 'hello')).status)
  expect(statuses).toEqual([201, 201, 201, 503])
  const refused = await ada.send('GET', '/threads')
  expect(refused.body).toMatchObject({ type: '/problems/pool-busy', status: 503, dependency: 'database' })
  expect((await ada.send('GET', '/health')).body).toMatchObject({
    checks: {
      'database:responseTime': [{ status: 'pass' }],
      'pool:connections': [{ status: 'warn', inUse: 10 }],
    },
  })
})

test('event-loop-blocked answers nobody for seconds', async () => {
  await using stack = await Stack.start(postgres, { defects: 'event-loop-blocked' })
  const ada = await ChatClient.signIn(stack.app.url, 'ada')
  const thread = await ada.createThread()
  const posted = ada.post(thread, 'hello').catch(() => undefined)
  await expect(
    until(async () => {
      await fetch(`${stack.app.url}/health/live`, { signal: AbortSignal.timeout(1_000) })
      return undefined
    }),
  ).rejects.toThrow('timeout')
  await posted
})
