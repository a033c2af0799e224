import { now } from '#core'
import type { JourneyClients, JourneyTools, LoadOptions, OperationNotes } from '#experiment'
import { rightAnswer, type Shown, wrongIn } from './history-check.ts'
import type { OperationName } from './operations.ts'
import { problemIn, refusalOf } from './refusal.ts'

/** A user who has signed in, their one thread, and what they wrote there. */
export interface Talker {
  readonly user: string
  readonly headers: Readonly<Record<string, string>>
  readonly token: string
  readonly thread: string
  readonly sent: Set<string>
  /** By text, in epoch ms. */
  readonly acknowledgedAt: Map<string, number>
}

type Answer = Awaited<ReturnType<JourneyClients['http']['get']>>
type Tools = Pick<JourneyTools, 'http' | 'ws'>

interface Message {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly degraded: string | null
}

type ChatEvent =
  | { readonly type: 'welcome' | 'chunk'; readonly messageId?: string }
  | { readonly type: 'done'; readonly messageId: string; readonly message: Message }
  | {
      readonly type: 'failed'
      readonly messageId: string
      readonly problem: { type?: string; dependency?: string; status?: number }
    }

/** The application allows five sockets a user: with so many users, conversations that wait don't meet that limit. */
const talkers = 16
/** The largest page there is: a thread must fit in one. */
const pageSize = 100
/** What a stale answer says of its age is rounded, by another clock. */
const asOfSlackMs = 50

/** Signs users in, gives each a thread, and has them read it: what they read before is what they can be shown again. */
export function prepare(t: Tools, name: string, signal: AbortSignal): Promise<Talker[]> {
  return Promise.all(
    Array.from({ length: talkers }, async (_, index) => {
      const user = `${name}-${index}`
      const token = await signIn(t, user, signal)
      const headers = { authorization: `Bearer ${token}` }
      const reply = accepted(await t.http.post('/threads', { title: name }, { headers, signal }), 201)
      const thread = reply.json<{ thread: { id: string } }>().thread.id
      const talker: Talker = {
        ...{ user, headers, token, thread },
        sent: new Set(),
        acknowledgedAt: new Map(),
      }
      await readThreads(t, talker, signal)
      await readHistory(t, talker, now(), signal)
      return talker
    }),
  )
}

/** Has everything answered, and nothing less than it should be; what was lost before is counted elsewhere. Throws what isn't well. */
export async function provesWell(t: Tools, before: Talker, signal: AbortSignal): Promise<void> {
  const talker = { ...before, acknowledgedAt: new Map<string, number>() }
  await signIn(t, talker.user, signal)
  const marks = [
    await readThreads(t, talker, signal),
    await readHistory(t, talker, now(), signal),
    await converse(t, talker, `are you well ${now()}`, signal),
  ]
  const mark = marks.find((one) => one !== undefined)
  if (mark !== undefined) throw new Error(`an answer is still ${mark}`)
}

/** The journeys of the bench: one operation each, so that no failure keeps the next from being tried. */
export const journeys: LoadOptions<readonly Talker[]>['journeys'] = {
  signIn: journey('sign-in', 1, async (t, { user }, { signal }) => void (await signIn(t, user, signal))),
  threads: journey('threads', 2, async (t, talker, notes) =>
    mark(notes, await readThreads(t, talker, notes.signal)),
  ),
  history: journey('history', 3, async (t, talker, notes) =>
    mark(notes, await readHistory(t, talker, t.dueAt, notes.signal)),
  ),
  post: journey(
    'post',
    2,
    async (t, talker, { signal }) => void (await post(t, talker, `message ${t.id}`, signal)),
  ),
  answer: journey('answer', 2, async (t, talker, notes) =>
    mark(notes, await converse(t, talker, `question ${t.id}`, notes.signal)),
  ),
}

function journey(
  name: OperationName,
  weight: number,
  work: (t: JourneyTools & { dueAt: number }, talker: Talker, notes: OperationNotes) => Promise<void>,
) {
  return {
    weight,
    async run(t: JourneyTools, all: readonly Talker[]): Promise<void> {
      const talker = all[t.random.integer(0, all.length - 1)]!
      const dueAt = now()
      await t.operation(name, (notes) => work({ ...t, dueAt }, talker, notes))
    },
  }
}

function mark({ degraded }: OperationNotes, word: string | undefined): void {
  if (word !== undefined) degraded(word)
}

async function signIn(t: Tools, user: string, signal: AbortSignal): Promise<string> {
  const reply = accepted(await t.http.post('/auth/session', { user }, { signal }), 201)
  const session = reply.json<{ token?: string; user?: string }>()
  if (session.user !== user || !session.token) throw new Error('wrong: the session is not the one asked for')
  return session.token
}

/** The word by which the list says that it is less than it should be. */
async function readThreads(
  t: Tools,
  { headers, thread }: Talker,
  signal: AbortSignal,
): Promise<string | undefined> {
  const reply = accepted(await t.http.get('/threads', { headers, signal }))
  const ids = reply.json<{ threads: { id: string }[] }>().threads.map(({ id }) => id)
  if (ids.join() !== thread) throw new Error(`wrong: a user of one thread is shown ${ids.length}`)
  return markOf(reply)
}

/** As {@link readThreads}, for what the thread holds. */
async function readHistory(
  t: Tools,
  { headers, thread, sent, acknowledgedAt }: Talker,
  askedAt: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const path = `/threads/${thread}/messages?page=1&size=${pageSize}`
  const reply = accepted(await t.http.get(path, { headers, signal }))
  const word = markOf(reply)
  const { messages, stale } = reply.json<{ messages: Shown[]; stale?: { asOf: string } }>()
  const asOf = word === undefined ? askedAt : Date.parse(stale?.asOf ?? '') - asOfSlackMs
  if (Number.isNaN(asOf)) throw new Error('wrong: it is stale, and does not say since when')
  const why = wrongIn(messages, { sent, acknowledgedAt }, asOf)
  if (why !== undefined) throw new Error(`wrong: ${why}`)
  return word
}

/** Posts a message, and gives it as it is kept. */
async function post(
  t: Tools,
  { headers, thread, sent, acknowledgedAt }: Talker,
  text: string,
  signal: AbortSignal,
): Promise<Message> {
  sent.add(text)
  const reply = accepted(await t.http.post(`/threads/${thread}/messages`, { text }, { headers, signal }), 201)
  acknowledgedAt.set(text, now())
  const { message } = reply.json<{ message: Message }>()
  if (message.text !== text) throw new Error('wrong: another message is acknowledged')
  return message
}

/** Posts a message and waits for its whole answer. */
async function converse(
  t: Tools,
  talker: Talker,
  text: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const socket = await t.ws.connect<ChatEvent>(`/ws?token=${talker.token}`, { signal })
  await socket.next(({ type }) => type === 'welcome', { signal })
  const { id } = await post(t, talker, text, signal)
  const isEnd = ({ type, messageId }: ChatEvent) => (type === 'done' || type === 'failed') && messageId === id
  const end = await socket.next(isEnd, { signal })
  if (end.type === 'failed') throw refusalOf(end.problem.status ?? 0, end.problem)
  if (end.type !== 'done') throw new Error(`wrong: ${end.type} is no end`)
  const { degraded, text: answer } = end.message
  if (degraded !== 'model-away' && answer !== rightAnswer(text)) throw new Error('wrong: a wrong answer')
  return degraded ?? undefined
}

function markOf({ headers }: Answer): string | undefined {
  return headers.get('x-degraded') ?? undefined
}

function accepted(answer: Answer, status = 200): Answer {
  if (answer.status === status) return answer
  throw refusalOf(answer.status, problemIn(answer.text))
}
