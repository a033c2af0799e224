import { ChatTest, type Session } from '../staging/chat.ts'

/** Somebody who waits less than a user would: many runs are made of these tests. */
export class VisitorTest extends ChatTest {
  static override readonly timeoutMs: number = 5000
  protected override readonly limitMs = 1500
  protected override readonly answerLimitMs = 3000

  /** A new session with a thread of its own. */
  async enter(): Promise<{ session: Session; thread: string }> {
    const session = await this.signIn()
    return { session, thread: await this.createThread(session) }
  }
}
