import { describeWith, InfrastructureAwareTest } from 'faultline/vitest'

class FloodTest extends InfrastructureAwareTest {
  static override readonly timeoutMs: number = 60_000
}

const long = 'x'.repeat(100 * 1024 * 1024)
const refuse = () => {
  throw new Error('not to be read')
}

describeWith(FloodTest, 'floods', (it) => {
  it('throws an error of 100 MB', async () => {
    throw new Error(long)
  })
  it('throws an error that causes itself', async () => {
    const error = new Error('in a circle')
    error.cause = new Error('by', { cause: error })
    throw error
  })
  it('throws what refuses to be read', async () => {
    throw Object.defineProperties(new Error('kept'), { message: { get: refuse }, stack: { get: refuse } })
  })
  it('prints 100 MB', async (t) => {
    for (let n = 0; n < 100; n++) console.log(long.slice(0, 1024 * 1024))
    t.expect(1).toBe(2)
  })
})
