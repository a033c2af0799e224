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

const limitMs = 5000

/** The steps that journeys through the chat share. Each test signs in as somebody new, so that tests never meet. */
export class ChatTest extends testWith(http, ws) {
  static override readonly needs = { database: 'required', auth: 'required', model: 'optional' } as const

  async signIn(): Promise<Session> {
    const reply = await this.http.post(
      '/auth/session',
      { user: `ada-${randomUUID()}` },
      { timeoutMs: limitMs },
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

  history(session: Session, threadId: string, page = 1, size = 20): Promise<Reply> {
    return this.http.get(`/threads/${threadId}/messages?page=${page}&size=${size}`, this.as(session))
  }

  /** The options of a request in the name of a user. */
  as(session: Session): { headers: Record<string, string>; timeoutMs: number } {
    return { headers: { authorization: `Bearer ${session.token}` }, timeoutMs: limitMs }
  }
}
