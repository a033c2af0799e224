import { setTimeout as sleep } from 'node:timers/promises'
import type { JourneyClients, JourneyTools, OperationNotes, ReadValues } from 'faultline'
import { untilReady } from './surroundings.ts'

/** A user who has signed in, and the thread that is theirs. */
export interface Talker {
  readonly user: string
  readonly headers: Readonly<Record<string, string>>
  readonly token: string
  readonly thread: string
}

interface Message {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly degraded: string | null
}

type ChatEvent =
  | { readonly type: 'done'; readonly messageId: string; readonly message: Message }
  | { readonly type: 'welcome' | 'chunk' | 'failed'; readonly messageId?: string }

/** The application allows five sockets a user: so many users, and journeys that wait don't meet that limit. */
const talkers = 16
const pageSize = 100
const longestPauseMs = 3000
const longestAnswerMs = 3000
const answerLookMs = 100

/** Signs users in and gives each a thread, once the application is ready. */
export async function signIn(t: JourneyClients, signal: AbortSignal): Promise<Talker[]> {
  const { http } = t
  await untilReady(t, signal)
  return Promise.all(
    Array.from({ length: talkers }, async (_, index) => {
      const user = `chaos-${String(index).padStart(2, '0')}`
      const session = await http.post('/auth/session', { user }, { signal })
      const { token } = created<{ token: string }>(session)
      const headers = { authorization: `Bearer ${token}` }
      const reply = await http.post('/threads', { title: 'Chaos' }, { headers, signal })
      return { user, headers, token, thread: created<{ thread: { id: string } }>(reply).thread.id }
    }),
  )
}

/** The same, and everybody has read what is theirs once: it may be shown again while the database is away. */
export async function signInAndRead(t: JourneyClients, signal: AbortSignal): Promise<Talker[]> {
  const all = await signIn(t, signal)
  const read = async (url: string, { headers }: Talker) => {
    const { status } = await t.http.get(url, { headers, signal })
    if (status !== 200) throw new Error(`preparing: status ${status}`)
  }
  await Promise.all(all.flatMap((one) => [read('/threads', one), read(messagesOf(one), one)]))
  return all
}

/** The same, and everybody has had an answer to one question: it may be given again while the model is away. */
export async function signInAndAsk(t: JourneyClients, signal: AbortSignal): Promise<Talker[]> {
  const all = await signIn(t, signal)
  const notes = {
    signal,
    accepted: (answer: Parameters<OperationNotes['accepted']>[0]) => answer,
    degraded: (word: string) => {
      throw new Error(`preparing: an answer was degraded: ${word}`)
    },
  }
  for (const talker of all) await converse(t, talker, questionOf(talker), notes)
  return all
}

function messagesOf({ thread }: Talker, page = 1): string {
  return `/threads/${thread}/messages?page=${page}&size=${pageSize}`
}

/** Of the same length for everybody: what is kept by that alone, gets mixed up. */
function questionOf({ user }: Talker): string {
  return `what? ${user}`
}

function answersIn(thread: string): string {
  return `answers in ${thread}`
}

function answerTo(text: string): string {
  return `You wrote 2 words: ${text}`
}

function created<T>(answer: { status: number; text: string; json<T>(): T }): T {
  if (answer.status !== 201) throw new Error(`preparing: status ${answer.status}: ${answer.text}`)
  return answer.json<T>()
}

export function oneOf({ random }: JourneyTools, all: readonly Talker[]): Talker {
  return all[random.integer(0, all.length - 1)]!
}

/** Lists the user's threads; a list from before, shown while the database is away, says so. */
export async function readThreads(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const { headers, thread } = oneOf(t, all)
  await t.operation('read', async ({ accepted, degraded, signal }) => {
    const reply = accepted(await t.http.get('/threads', { headers, signal }))
    noteMark(reply, degraded)
    const ids = reply.json<{ threads: { id: string }[] }>().threads.map(({ id }) => id)
    if (!ids.includes(thread)) throw new Error('somebody else’s threads were shown')
  })
}

/** Reads the latest page of the user's thread; one from before, shown while the database is away, says so. */
export async function readMessages(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const talker = oneOf(t, all)
  const { headers, thread } = talker
  await t.operation('history', async ({ accepted, degraded, read, signal }) => {
    const reply = accepted(await t.http.get(messagesOf(talker), { headers, signal }))
    noteMark(reply, degraded)
    read(thread, userTexts(reply.json()))
  })
}

/** An answer that is less than it should be says so in a header. */
function noteMark({ headers }: { headers: Headers }, degraded: OperationNotes['degraded']): void {
  const mark = headers.get('x-degraded')
  if (mark !== null) degraded(mark)
}

function userTexts({ messages }: { messages: readonly Message[] }): string[] {
  return messages.filter(({ role }) => role === 'user').map(({ text }) => text)
}

/** Posts a message: from its acknowledgement on it is kept. */
export function post(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  return postAnd(t, all, (thread, text) => ({ key: thread, value: text }))
}

/** Posts a message that must be answered from its acknowledgement on, whatever becomes of the process. */
export function postAndBeAnswered(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  return postAnd(t, all, (thread, text) => ({ key: answersIn(thread), value: answerTo(text) }))
}

/** Posts a message; `promise` says what is to be found later if it is acknowledged. */
async function postAnd(
  t: JourneyTools,
  all: readonly Talker[],
  promise: (thread: string, text: string) => { key: string; value: string },
): Promise<void> {
  const { headers, thread } = oneOf(t, all)
  const text = `message ${t.id}`
  await t.operation(
    'post',
    async ({ accepted, signal }) => {
      accepted(await t.http.post(`/threads/${thread}/messages`, { text }, { headers, signal }))
    },
    { write: promise(thread, text) },
  )
}

/** Five readings at the same moment, each over a connection of its own, and a message. */
export async function burst(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  await Promise.all([...Array.from({ length: 5 }, () => readThreads(t, all)), post(t, all)])
}

/** Posts a message under a key of its own, again under that key until it is acknowledged, and then once more: who sends can't know. */
export async function postUntilKept(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const { headers, thread } = oneOf(t, all)
  const text = `message ${t.id}`
  const keyed = { ...headers, 'idempotency-key': `chaos-${thread}-${t.id}` }
  await t.operation(
    'post until kept',
    async ({ accepted, signal }) => {
      const send = () => t.http.post(`/threads/${thread}/messages`, { text }, { headers: keyed, signal })
      for (let pauseMs = 100; ; pauseMs *= 2) {
        try {
          accepted(await send())
          await send()
          return
        } catch (error) {
          if (signal.aborted || pauseMs > longestPauseMs) throw error
        }
        await sleep(pauseMs, undefined, { signal })
      }
    },
    { write: { key: thread, value: text } },
  )
}

/** Posts a message and waits until its answer is whole; an answer without the model says so. */
export async function ask(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const talker = oneOf(t, all)
  const text = `question ${t.id}`
  await t.operation('ask', (notes) => converse(t, talker, text, notes), {
    write: { key: talker.thread, value: text },
  })
}

/** Asks what its user has asked before: an earlier answer to it may stand in, and no other. */
export async function askAgain(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const talker = oneOf(t, all)
  await t.operation('ask', (notes) => converse(t, talker, questionOf(talker), notes))
}

async function converse(
  t: JourneyClients,
  { headers, token, thread }: Talker,
  text: string,
  { accepted, degraded, signal }: Pick<OperationNotes, 'accepted' | 'degraded' | 'signal'>,
): Promise<void> {
  const socket = await t.ws.connect<ChatEvent>(`/ws?token=${token}`, { signal })
  await socket.next((event) => event.type === 'welcome', { signal })
  const reply = accepted(await t.http.post(`/threads/${thread}/messages`, { text }, { headers, signal }))
  const { message } = reply.json<{ message: Message }>()
  const event = await socket.next(
    ({ type, messageId }) => (type === 'done' || type === 'failed') && messageId === message.id,
    { signal },
  )
  if (event.type !== 'done') throw new Error('the answer could not be kept')
  const { message: answer } = event
  if (answer.degraded !== null) degraded(answer.degraded)
  if (answer.degraded === 'model-away') return
  if (answer.text !== answerTo(text)) throw new Error(`a wrong answer: ${answer.text}`)
}

/** What every thread holds of its user's messages and of the answers to them, past any cache. */
export async function readBack(
  t: JourneyClients,
  all: readonly Talker[],
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadValues[]> {
  const threads = await Promise.all(
    all.map(async (talker) => {
      const messages = keys.includes(answersIn(talker.thread))
        ? await readAnswered(t, talker, signal)
        : await readAll(t, talker, signal)
      const by = (role: Message['role']) =>
        messages.filter((one) => one.role === role).map(({ text }) => text)
      return [
        { key: talker.thread, values: by('user') },
        { key: answersIn(talker.thread), values: by('assistant') },
      ]
    }),
  )
  return threads.flat().filter(({ key }) => keys.includes(key))
}

/** Answers are made after what they answer is acknowledged: the last of them are given time to be. */
async function readAnswered(t: JourneyClients, talker: Talker, signal: AbortSignal): Promise<Message[]> {
  for (let left = longestAnswerMs; ; left -= answerLookMs) {
    const messages = await readAll(t, talker, signal)
    const answers = messages.filter(({ role }) => role === 'assistant').length
    if (left <= 0 || answers * 2 >= messages.length) return messages
    await sleep(answerLookMs, undefined, { signal })
  }
}

async function readAll({ http }: JourneyClients, talker: Talker, signal: AbortSignal): Promise<Message[]> {
  const messages: Message[] = []
  for (let page = 1, total = 1; (page - 1) * pageSize < total; page++) {
    const reply = await http.get(messagesOf(talker, page), {
      headers: { ...talker.headers, 'cache-control': 'no-cache' },
      signal,
    })
    if (reply.status !== 200) throw new Error(`reading back: status ${reply.status}`)
    const read = reply.json<{ total: number; messages: Message[] }>()
    total = read.total
    messages.push(...read.messages)
  }
  return messages
}
