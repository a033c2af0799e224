import { afterAll, beforeAll, expect, test } from 'vitest'
import { brokenJourneys } from './backend-journeys.ts'
import { Stack, TestPostgres } from './backend-stack.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await TestPostgres.start()
})
afterAll(() => postgres[Symbol.asyncDispose]())

interface Row {
  readonly defect: string
  readonly breaks: readonly string[]
}

test('the sound application breaks no journey', async () => {
  await using stack = await Stack.start(postgres)
  expect(await brokenJourneys(stack, postgres)).toEqual([])
})

/** What each defect breaks when the journeys are taken in turn, each by a new user. */
const narrow: readonly Row[] = [
  { defect: 'bad-content-length', breaks: ['read-your-answer', 'history', 'pages'] },
  { defect: 'breaker-never-closes', breaks: ['model-returns'] },
  { defect: 'breaker-too-eager', breaks: ['model-blip'] },
  { defect: 'broken-page-script', breaks: ['page'] },
  {
    defect: 'deadlock',
    breaks: [
      'answer',
      'read-your-answer',
      'history',
      'pages',
      'any-text',
      'many-messages',
      'model-away',
      'model-blip',
      'model-returns',
    ],
  },
  { defect: 'doubled-message', breaks: ['history', 'pages'] },
  { defect: 'edge-case-500', breaks: ['any-text'] },
  { defect: 'lost-message', breaks: ['read-your-answer', 'history', 'model-blip', 'model-returns'] },
  { defect: 'missing-await', breaks: ['read-your-answer'] },
  { defect: 'off-by-one-page', breaks: ['pages'] },
  { defect: 'slow-query', breaks: ['read-your-answer', 'history', 'pages'] },
  { defect: 'sql-syntax', breaks: ['read-your-answer', 'history', 'pages'] },
  { defect: 'unavailable-by-bug', breaks: ['sign-in'] },
  { defect: 'wrong-answer', breaks: ['answer'] },
  {
    defect: 'wrong-clock',
    breaks: [
      'sign-in',
      'answer',
      'read-your-answer',
      'history',
      'pages',
      'any-text',
      'many-messages',
      'model-away',
      'model-blip',
      'model-returns',
    ],
  },
  {
    defect: 'wrong-limiter',
    breaks: ['history', 'pages', 'any-text', 'many-messages', 'model-away', 'model-blip', 'model-returns'],
  },
  { defect: 'wrong-timeouts', breaks: ['answer', 'model-blip', 'model-returns'] },
  { defect: 'ws-1011', breaks: ['answer', 'read-your-answer', 'model-away', 'model-blip', 'model-returns'] },
  {
    defect: 'ws-never-answers',
    breaks: ['answer', 'read-your-answer', 'model-away', 'model-blip', 'model-returns'],
  },
]

test.concurrent.for(narrow)('$defect breaks $breaks and nothing else', async ({ defect, breaks }) => {
  await using stack = await Stack.start(postgres, { defects: defect })
  expect(await brokenJourneys(stack, postgres)).toEqual(breaks)
})

/** Defects that hurt whatever comes after them, too: how much of it depends on time. */
const wide: readonly Row[] = [
  { defect: 'crash-on-message', breaks: ['answer'] },
  { defect: 'retry-storm', breaks: ['model-away'] },
  { defect: 'memory-growth', breaks: ['many-messages'] },
  { defect: 'heavy-query', breaks: ['many-messages'] },
  { defect: 'slot-exhaustion', breaks: ['direct-database'] },
  { defect: 'migration-lock', breaks: ['history', 'direct-database'] },
]

test.for(wide)('$defect breaks at least $breaks', async ({ defect, breaks }) => {
  await using server = await TestPostgres.start()
  await using stack = await Stack.start(server, { defects: defect })
  expect(await brokenJourneys(stack, server)).toEqual(expect.arrayContaining([...breaks]))
})
