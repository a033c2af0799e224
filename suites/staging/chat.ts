import { randomUUID } from 'node:crypto'
import { http, type Reply, testWith, ws } from 'faultline/vitest'

export interface Session {
  readonly user: string
  readonly token: string
}

export interface Message {
  readonly id: string
  readonly role: 'user' | 'assistant'
  readonly text: string
  readonly degraded: 'model-away' | 'cached' | null
}

/** What the chat says over its WebSocket. */
export type ChatEvent =
  | { readonly type: 'welcome'; readonly user: string; readonly buildId: string; readonly instanceId: string }
  | { readonly type: 'chunk'; readonly messageId: string; readonly index: number; readonly text: string }
  | { readonly type: 'done'; readonly messageId: string; readonly message: Message }

/** The steps that journeys through the chat share. Each test signs in as somebody new, so that tests never meet. */
export class ChatTest extends testWith(http, ws) {
  static override readonly needs = { database: 'required', auth: 'required', model: 'optional' } as const
  /** The longest journey takes a third of it. */
  static override readonly timeoutMs: number = 10_000
  /** What somebody who waits would still wait, for a reply and for an answer of the assistant. */
  protected readonly limitMs: number = 3000
  protected readonly answerLimitMs: number = 10_000

  async signIn(): Promise<Session> {
    const reply = await this.http.post(
      '/auth/session',
      { user: `ada-${randomUUID()}` },
      { timeoutMs: this.limitMs },
    )
    this.expect(reply.status).toBe(201)
    return reply.json<Session>()
  }

  async createThread(session: Session, title = 'A thread'): Promise<string> {
    const reply = await this.http.post('/threads', { title }, this.as(session))
    this.expect(reply.status).toBe(201)
    return reply.json<{ thread: { id: string } }>().thread.id
  }

  async post(session: Session, threadId: string, text: string): Promise<Message> {
    const reply = await this.http.post(`/threads/${threadId}/messages`, { text }, this.as(session))
    this.expect(reply.status).toBe(201)
    return reply.json<{ message: Message }>().message
  }

  /** Posts a message, and gives what comes over the socket until its answer is whole. */
  async converse(
    session: Session,
    thread: string,
    text: string,
  ): Promise<{ chunks: string[]; answer: Message }> {
    const socket = await this.ws.connect<ChatEvent>(`/ws?token=${session.token}`)
    await socket.next((event) => event.type === 'welcome')
    const message = await this.post(session, thread, text)
    const isDone = (event: ChatEvent): event is ChatEvent & { type: 'done' } =>
      event.type === 'done' && event.messageId === message.id
    const done = await socket.next(isDone, { timeoutMs: this.answerLimitMs })
    const chunks = socket.messages.filter((event) => event.type === 'chunk' && event.messageId === message.id)
    return { chunks: chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.text : '')), answer: done.message }
  }

  history(session: Session, threadId: string, page = 1, size = 20): Promise<Reply> {
    return this.http.get(`/threads/${threadId}/messages?page=${page}&size=${size}`, this.as(session))
  }

  /**
   * The options of a request in the name of a user. A test needs what is in the database now: what the chat would show as stale
   * without it is asked not to be shown, so that a database that is away is told as what it is.
   */
  as(session: Session): { headers: Record<string, string>; timeoutMs: number } {
    const headers = { authorization: `Bearer ${session.token}`, 'cache-control': 'no-cache' }
    return { headers, timeoutMs: this.limitMs }
  }
}
