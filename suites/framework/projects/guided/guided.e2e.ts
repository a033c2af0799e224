import { setTimeout as pause } from 'node:timers/promises'
import { describeWith, InfrastructureAwareTest } from 'faultline/vitest'

class GuidedTest extends InfrastructureAwareTest {
  static override readonly needs = { database: 'required' } as const
  static override readonly timeoutMs = 200
}

describeWith(GuidedTest, 'guided', (it) => {
  it('takes longer than its limit on a good day', async (t) => {
    await pause(300, undefined, { signal: t.signal })
  })
  it('answers', () => {})
  it.whenDegraded('model', 'answers from the cache', () => {}, { insteadOf: 'answers' })
  it('keeps its health', async (t) => {
    await t.assertHealthMaintained(async () => {})
  })
})

class BrokenTest extends InfrastructureAwareTest {
  override async setUp(): Promise<void> {
    throw new Error('no set-up')
  }

  override async tearDown(): Promise<void> {
    throw new Error('no tear-down')
  }
}

describeWith(BrokenTest, 'broken', (it) => {
  it('fails before and after', () => {})
})

describeWith(
  InfrastructureAwareTest,
  'a story',
  (it) => {
    it('begins', () => {})
    it('ends', (t) => t.expect(t.attempt).toBe(2))
  },
  { ordered: true },
)
