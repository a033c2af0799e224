import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { logIn, nowhere } from './log.ts'

const ended = (log: NodeJS.WritableStream) => new Promise<void>((done) => log.end(() => done()))

test('what tests printed is in the file once its end is called back', async () => {
  await using folder = await mkdtempDisposable(path.join(tmpdir(), 'faultline-log-'))
  const log = logIn(folder.path)
  for (let line = 0; line < 1000; line++) log.write(`line ${line}\n`)
  await ended(log)
  const lines = (await readFile(path.join(folder.path, 'tests.log'), 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(1000)
})

test.each(['file', 'nowhere'])(
  'what is printed after the end of a log to %s is lost, and harms nobody',
  async (where) => {
    await using folder = await mkdtempDisposable(path.join(tmpdir(), 'faultline-log-'))
    const log = where === 'file' ? logIn(folder.path) : nowhere()
    const refused = new Promise((done) => log.once('close', () => done(log.errored)))
    log.end()
    log.write('too late\n')
    expect(await refused).toMatchObject({ code: 'ERR_STREAM_WRITE_AFTER_END' })
  },
)
