import { setTimeout as pause } from 'node:timers/promises'
import { describeWith } from 'faultline/vitest'
import { VisitorTest } from './visitor.ts'

/** How soon after the model is back its answers must be back, in ms. */
const returnLimitMs = 7000

class ModelTest extends VisitorTest {
  static override readonly timeoutMs = 10_000
}

describeWith(ModelTest, 'a model that may be away for a moment', (it) => {
  it('is apologised for in time, or answers', async (t) => {
    const { session, thread } = await t.enter()
    const { answer } = await t.converse(session, thread, `new ${Math.random()}`)
    t.expect(['model-away', null]).toContain(answer.degraded)
  })

  it('is asked again soon after it is back', async (t) => {
    const { session, thread } = await t.enter()
    const end = performance.now() + returnLimitMs
    const words: (string | null)[] = []
    while (words.at(-1) !== null && performance.now() < end) {
      words.push((await t.converse(session, thread, `again ${Math.random()}`)).answer.degraded)
      await pause(300, undefined, { signal: t.signal })
    }
    t.expect(words.at(-1)).toBeNull()
  })
})
