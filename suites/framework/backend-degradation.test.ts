import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Hurt, promises } from './backend-promises.ts'
import { TestPostgres } from './backend-stack.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

type Name = keyof typeof promises

describe('the sound application', () => {
  test.for(Object.keys(promises) as Name[])('%s', async (name) => {
    await using hurt = await Hurt.start(postgres)
    await promises[name](hurt)
  })
})

describe('a defect breaks the promise that it is about', () => {
  const rows: readonly (readonly [defect: string, promise: Name])[] = [
    ['history-not-cached', 'history is shown as stale while the database is down'],
    ['stale-unmarked', 'history is shown as stale while the database is down'],
    ['history-cross-talk', 'nobody is shown what somebody else has read'],
    ['stale-while-well', 'what is read is fresh while the database is well'],
    ['acknowledged-unkept', 'a message is refused, never acknowledged, while the database is down'],
    ['acknowledged-unkept', 'a message is refused, never acknowledged, while the database is silent'],
    [
      'idempotency-ignored',
      'a message whose acknowledgement was lost is kept once, however often it is sent',
    ],
    ['read-only-crashes', 'a read-only database is read, messages are refused, and taken again soon after'],
    ['reconnect-never', 'messages are taken again after every connection was cut'],
    ['analytics-blocks', 'a silent analytics service makes nothing slower'],
    ['model-away-unmarked', 'an answer without the model says so'],
    ['forgets-sessions', 'users who have signed in go on without the auth service'],
    ['resume-gap', 'a client that comes back gets each event that it missed, and each once'],
    ['resume-double', 'a client that comes back gets each event that it missed, and each once'],
  ]
  test.for(rows)('%s: %s', async ([defect, promise]) => {
    await using hurt = await Hurt.start(postgres, defect)
    await expect(promises[promise](hurt)).rejects.toThrow()
  })
})
