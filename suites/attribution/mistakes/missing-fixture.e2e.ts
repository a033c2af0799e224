import { readFile } from 'node:fs/promises'
import { describeWith } from 'faultline/vitest'
import { VisitorTest } from '../visitor.ts'

describeWith(VisitorTest, 'a test with a mistake', (it) => {
  it('reads a file that nobody has written', async (t) => {
    const { session, thread } = await t.enter()
    await t.post(session, thread, await readFile(`${import.meta.dirname}/message.txt`, 'utf8'))
  })
})
