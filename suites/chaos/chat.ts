import type { JourneyClients, JourneyTools, OperationNotes, ReadValues } from 'faultline'

/** A user who has signed in, and the thread that is theirs. */
export interface Talker {
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

const talkers = 6
const pageSize = 100

/** Signs users in and gives each a thread. */
export async function signIn({ http }: JourneyClients, signal: AbortSignal): Promise<Talker[]> {
  return Promise.all(
    Array.from({ length: talkers }, async (_, index) => {
      const session = await http.post('/auth/session', { user: `chaos-${index}` }, { signal })
      const { token } = created<{ token: string }>(session)
      const headers = { authorization: `Bearer ${token}` }
      const reply = await http.post('/threads', { title: 'Chaos' }, { headers, signal })
      return { headers, token, thread: created<{ thread: { id: string } }>(reply).thread.id }
    }),
  )
}

function created<T>(answer: { status: number; text: string; json<T>(): T }): T {
  if (answer.status !== 201) throw new Error(`preparing: status ${answer.status}: ${answer.text}`)
  return answer.json<T>()
}

function oneOf({ random }: JourneyTools, all: readonly Talker[]): Talker {
  return all[random.integer(0, all.length - 1)]!
}

/** Lists the user's threads; a list from before, shown while the database is away, says so. */
export async function readThreads(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const { headers } = oneOf(t, all)
  await t.operation('read', async ({ accepted, degraded, signal }) => {
    const reply = accepted(await t.http.get('/threads', { headers, signal }))
    const mark = reply.headers.get('x-degraded')
    if (mark !== null) degraded(mark)
  })
}

/** Posts a message: from its acknowledgement on it is kept. */
export async function post(t: JourneyTools, all: readonly Talker[]): Promise<void> {
  const { headers, thread } = oneOf(t, all)
  const text = `message ${t.id}`
  await t.operation(
    'post',
    async ({ accepted, signal }) => {
      accepted(await t.http.post(`/threads/${thread}/messages`, { text }, { headers, signal }))
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

async function converse(
  t: JourneyTools,
  { headers, token, thread }: Talker,
  text: string,
  { accepted, degraded, signal }: OperationNotes,
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
  else if (answer.text !== `You wrote 2 words: ${text}`) throw new Error(`a wrong answer: ${answer.text}`)
}

/** What every thread holds of its user's messages, past any cache. */
export async function readBack(
  { http }: JourneyClients,
  all: readonly Talker[],
  keys: readonly string[],
  signal: AbortSignal,
): Promise<ReadValues[]> {
  return Promise.all(
    all
      .filter(({ thread }) => keys.includes(thread))
      .map(async ({ headers, thread }) => {
        const values: string[] = []
        for (let page = 1, total = 1; (page - 1) * pageSize < total; page++) {
          const reply = await http.get(`/threads/${thread}/messages?page=${page}&size=${pageSize}`, {
            headers: { ...headers, 'cache-control': 'no-cache' },
            signal,
          })
          if (reply.status !== 200) throw new Error(`reading back: status ${reply.status}`)
          const read = reply.json<{ total: number; messages: Message[] }>()
          total = read.total
          values.push(...read.messages.filter(({ role }) => role === 'user').map(({ text }) => text))
        }
        return { key: thread, values }
      }),
  )
}
