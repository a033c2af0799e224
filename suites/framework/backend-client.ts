import { once } from 'node:events'
import { WebSocket } from 'ws'
import { until } from './backend-stack.ts'

/** An answer, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  // The suite reads the answers' bodies field by field, as a user of the API would.
  readonly body: Record<string, never>
  readonly durationMs: number
}

export interface ChatEvent {
  readonly type: string
  readonly sequence?: number
  readonly [field: string]: unknown
}

export interface ChatMessage {
  readonly id: string
  readonly text: string
  readonly role: string
  readonly degraded: string | null
  readonly replyTo: string | null
}

/** A user of the chat service. */
export class ChatClient {
  readonly #url: string
  token = ''

  constructor(url: string) {
    this.#url = url
  }

  static async signIn(url: string, user: string): Promise<ChatClient> {
    const client = new ChatClient(url)
    const answer = await client.send('POST', '/auth/session', { user })
    client.token = String(answer.body['token'])
    return client
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const startedAt = performance.now()
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(this.token !== '' && { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const answered = (await response.json()) as Record<string, never>
    const durationMs = performance.now() - startedAt
    return { status: response.status, headers: response.headers, body: answered, durationMs }
  }

  async createThread(): Promise<string> {
    const { body } = await this.send('POST', '/threads', {})
    return (body as unknown as { thread: { id: string } }).thread.id
  }

  async post(threadId: string, text: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('POST', `/threads/${threadId}/messages`, { text }, headers)
  }

  async messages(threadId: string, query = ''): Promise<ChatMessage[]> {
    const { body } = await this.send('GET', `/threads/${threadId}/messages${query}`)
    return (body as unknown as { messages: ChatMessage[] }).messages
  }

  async open(query: Record<string, string> = {}): Promise<ChatSocket> {
    const url = new URL('/ws', this.#url.replace('http', 'ws'))
    for (const [name, value] of Object.entries({ token: this.token, ...query }))
      url.searchParams.set(name, value)
    const socket = new ChatSocket(new WebSocket(url))
    await socket.next('welcome')
    return socket
  }

  /** Posts and waits for the end of its answer. */
  async ask(socket: ChatSocket, threadId: string, text: string): Promise<ChatMessage> {
    await this.post(threadId, text)
    const done = await socket.next('done')
    return done['message'] as ChatMessage
  }
}

/** A socket and every event that came over it. */
export class ChatSocket implements Disposable {
  readonly socket: WebSocket
  readonly events: ChatEvent[] = []
  #read = 0

  constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data) => this.events.push(JSON.parse(String(data)) as ChatEvent))
    socket.on('error', () => undefined)
  }

  /** The next event of a type, past those that were returned before. */
  async next(type: string): Promise<ChatEvent> {
    const index = await until(() => {
      const found = this.events.findIndex((event, position) => position >= this.#read && event.type === type)
      return found === -1 ? undefined : found
    })
    this.#read = index + 1
    return this.events[index]!
  }

  async close(): Promise<void> {
    this.socket.close()
    await once(this.socket, 'close')
  }

  [Symbol.dispose](): void {
    this.socket.terminate()
  }
}
