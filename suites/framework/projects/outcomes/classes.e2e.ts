import { describeWith, InfrastructureAwareTest } from 'faultline/vitest'

class ChatTest extends InfrastructureAwareTest {
  static override readonly needs = { database: 'required', model: 'optional' } as const
}

describeWith(ChatTest, 'chat', (it) => {
  it('passes', (t) => t.expect(1).toBe(1))
  it('fails by value', (t) => t.expect(41).toBe(42))
  it('fails once', { retry: 1 }, (t) => t.expect(t.attempt).toBe(2))
  it('overruns', { timeout: 50 }, () => new Promise(() => {}))
  it.skip('is left out', () => {})
  it.optional('may fail', (t) => t.expect(1).toBe(2))
  it('answers', () => {})
  it.whenDegraded('model', 'answers from the cache', () => {}, { insteadOf: 'answers' })
})
