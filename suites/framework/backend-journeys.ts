import { Script } from 'node:vm'
import { ChatClient } from './backend-client.ts'
import { type Stack, type TestPostgres, until } from './backend-stack.ts'

const longestStepMs = 5_000

type Journey = (stack: Stack, postgres: TestPostgres) => Promise<void>

/** What users do, each a promise of the sound application. */
const journeys: Readonly<Record<string, Journey>> = {
  'sign-in': async (stack) => {
    const ada = await signIn(stack)
    expectTrue((await ada.send('GET', '/threads')).status === 200)
  },
  answer: async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    using socket = await ada.open()
    const answer = await ada.ask(socket, thread, 'hello there')
    expectTrue(answer.text === 'You wrote 2 words: hello there' && answer.degraded === null)
  },
  'read-your-answer': async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    using socket = await ada.open()
    const answer = await ada.ask(socket, thread, 'hello')
    expectTrue((await ada.messages(thread)).some((message) => message.id === answer.id))
  },
  history: async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    for (const word of ['one', 'two']) await ada.post(thread, word)
    const words = (await ada.messages(thread))
      .filter((message) => message.role === 'user')
      .map((message) => message.text)
    expectTrue(words.join() === 'one,two')
  },
  pages: async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    const user = await ada.post(thread, 'one')
    await until(async () => ((await ada.messages(thread)).length === 2 ? true : undefined), longestStepMs)
    const second = await ada.messages(thread, '?page=2&size=1')
    expectTrue(user.status === 201 && second.length === 1 && second[0]!.role === 'assistant')
  },
  'any-text': async (stack) => {
    const ada = await signIn(stack)
    expectTrue((await ada.post(await ada.createThread(), 'привет')).status === 201)
  },
  'many-messages': async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    for (let index = 0; index < 6; index += 1)
      expectTrue((await ada.post(thread, `message ${index}`)).status === 201)
  },
  'direct-database': async (stack, postgres) => {
    const rows = await postgres.run(
      stack.databaseName,
      'SELECT count(*) FROM chat.messages, auth.sessions LIMIT 1',
    )
    expectTrue(rows.length === 1)
  },
  'model-away': async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    using socket = await ada.open()
    stack.model.mode = 'silent'
    try {
      expectTrue((await ada.ask(socket, thread, `new ${Math.random()}`)).degraded === 'model-away')
    } finally {
      stack.model.mode = 'pass'
    }
  },
  'model-blip': async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    using socket = await ada.open()
    stack.model.mode = 'down'
    await ada.ask(socket, thread, `lost ${Math.random()}`)
    stack.model.mode = 'pass'
    expectTrue((await ada.ask(socket, thread, `next ${Math.random()}`)).degraded === null)
  },
  'model-returns': async (stack) => {
    const ada = await signIn(stack)
    const thread = await ada.createThread()
    using socket = await ada.open()
    stack.model.mode = 'down'
    for (let index = 0; index < 6; index += 1) await ada.ask(socket, thread, `lost ${Math.random()}`)
    stack.model.mode = 'pass'
    const ask = async (): Promise<string | null> =>
      (await ada.ask(socket, thread, `next ${Math.random()}`)).degraded
    await until(async () => ((await ask()) === null ? true : undefined), longestStepMs)
  },
  page: async (stack) => {
    const script = await (await fetch(`${stack.app.url}/chat.js`)).text()
    new Script(`(async () => {${script}})`)
  },
}

export const journeyNames: readonly string[] = Object.keys(journeys)

/** Tries every journey in turn; gives the names of those that fail. */
export async function brokenJourneys(stack: Stack, postgres: TestPostgres): Promise<string[]> {
  const broken: string[] = []
  for (const [name, journey] of Object.entries(journeys)) {
    try {
      await within(longestStepMs, journey(stack, postgres))
    } catch {
      broken.push(name)
    }
  }
  return broken
}

async function signIn(stack: Stack): Promise<ChatClient> {
  const client = await ChatClient.signIn(stack.app.url, `user-${Math.random()}`)
  expectTrue(client.token !== 'undefined')
  return client
}

function expectTrue(value: boolean): void {
  if (!value) throw new Error('not as expected')
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(reject, limitMs, new Error('too late'))
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
