/** Tests that can be held where they are, so that a gate can be killed at a known moment: see `../held-gate.ts`. */
import { existsSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describeWith } from 'faultline/vitest'
import { ChatTest } from '../../staging/chat.ts'

const folder = process.env['HELD_FOLDER'] ?? ''
const heldAt = process.env['HELD_AT']
const patient = { timeout: 30_000 }

class HeldTest extends ChatTest {
  /** Marks that this test has come to `point`, and uses the application until it may go on, if this is where to be held. */
  async reach(point: 'first' | 'middle'): Promise<void> {
    const session = await this.signIn()
    const mark = (name: string) => path.join(folder, name)
    const name = existsSync(mark(point)) ? `${point}-again` : point
    writeFileSync(mark(name), '')
    do {
      const thread = await this.createThread(session)
      this.expect(thread).toMatch(/\S/)
      await pause(20, undefined, { signal: this.signal })
    } while (name === heldAt && !existsSync(mark('go-on')))
  }
}

describeWith(HeldTest, 'a suite that is held', (it) => {
  it('is here in its first test', patient, (t) => t.reach('first'))
  it('is here in the middle', patient, (t) => t.reach('middle'))
  it('ends with a look at the application', async (t) => {
    t.expect((await t.http.get('/health/live')).status).toBe(200)
  })
})
