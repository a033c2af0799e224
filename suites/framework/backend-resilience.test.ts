import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { brokenPromises } from './backend-breaker-promises.ts'
import { ChatClient } from './backend-client.ts'
import { Service, Stack, TestPostgres, until } from './backend-stack.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

describe('breakers and time limits', () => {
  test('the sound application keeps every promise', async () => {
    expect(await brokenPromises([])).toEqual([])
  })

  const rows = [
    { defect: 'breaker-never-opens', breaks: ['opens-for-failures'] },
    { defect: 'breaker-too-eager', breaks: ['forgives-one-failure'] },
    { defect: 'breaker-ignores-slowness', breaks: ['opens-for-slowness'] },
    { defect: 'breaker-never-closes', breaks: ['closes-again'] },
    { defect: 'half-open-floods', breaks: ['few-trials'] },
    { defect: 'call-without-limit', breaks: ['ends-a-hung-call'] },
    { defect: 'timeout-does-not-cancel', breaks: ['cancels-what-it-gives-up'] },
    { defect: 'stragglers-decide', breaks: ['ignores-stragglers'] },
  ]
  test.concurrent.for(rows)('$defect breaks $breaks and nothing else', async ({ defect, breaks }) => {
    expect(await brokenPromises([defect])).toEqual(breaks)
  })
})

describe('an answer that stands in for the model’s', () => {
  /** What Bob is told while the model is away, after Ada had an answer to another question of the same length. */
  async function bobsAnswer(defects: string): Promise<unknown> {
    await using stack = await Stack.start(postgres, { defects })
    const ada = await ChatClient.signIn(stack.app.url, 'ada')
    using adasSocket = await ada.open()
    await ada.ask(adasSocket, await ada.createThread(), 'my pin is 1234')
    const bob = await ChatClient.signIn(stack.app.url, 'bob')
    using bobsSocket = await bob.open()
    stack.model.mode = 'down'
    const { degraded, text } = await bob.ask(bobsSocket, await bob.createThread(), 'is it raining?')
    return { degraded, ofAda: text.includes('1234') }
  }

  test('is never another’s', async () => {
    expect(await bobsAnswer('')).toEqual({ degraded: 'model-away', ofAda: false })
  })

  test('fallback-cross-talk gives one user the answer to another’s question', async () => {
    expect(await bobsAnswer('fallback-cross-talk')).toEqual({ degraded: 'cached', ofAda: true })
  })
})

describe('the rate limit', () => {
  test('says 429 and when to come back, to whoever asks too much and to nobody else', async () => {
    await using stack = await Stack.start(postgres)
    await using app = await Service.start('main.ts', { ...stack.env, REQUESTS_PER_MINUTE: '3' })
    await until(async () => (await fetch(`${app.url}/health/ready`)).ok || undefined)
    const ada = await ChatClient.signIn(app.url, 'ada')
    const bob = await ChatClient.signIn(app.url, 'bob')
    const thread = await ada.createThread()
    for (let index = 0; index < 3; index += 1) expect((await ada.post(thread, 'hello')).status).toBe(201)
    const refused = await ada.post(thread, 'hello')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toContain('application/problem+json')
    expect(refused.body).toMatchObject({ type: '/problems/too-many-requests' })
    const retryAfterSeconds = Number(refused.headers.get('retry-after'))
    expect(retryAfterSeconds).toBeGreaterThan(0)
    expect(retryAfterSeconds).toBeLessThanOrEqual(60)
    expect((await bob.post(await bob.createThread(), 'hello')).status).toBe(201)
    expect((await ada.send('GET', '/health/ready')).status).toBe(200)
  })
})
