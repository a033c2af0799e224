import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Redactor, waitFor } from '#core'
import { openJournal, readJournal } from '#journal'

const limitMs = 20_000

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-journal-'))
  file = join(folder, 'journal.ndjson')
})
afterEach(() => rm(folder, { recursive: true }))

/** A process that opens the journal as `journal` and runs `code`; `limits` are shell commands run before it. */
function startWriter(code: string, limits = ':') {
  const script = `
    import { Redactor } from '#core'
    import { openJournal } from '#journal'
    const journal = openJournal(${JSON.stringify(file)}, { redactor: new Redactor() })
    ${code}`
  const node = `exec "$0" --conditions=faultline-source --input-type=module --eval "$1"`
  const child = spawn('bash', ['-c', `${limits}; ${node}`, process.execPath, script], { stdio: 'pipe' })
  let output = ''
  child.stdout.on('data', (data) => {
    output += data
  })
  const exited = once(child, 'exit')
  return {
    child,
    exited,
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

test('a killed writer leaves every urgent record that append returned from', async () => {
  await using writer = startWriter(`
    const { writeSync } = await import('node:fs')
    for (let n = 0; ; n++) {
      journal.append({ source: 's', kind: 'n', data: n, urgent: n % 10 === 9 })
      if (n % 10 === 9) writeSync(1, n + '\\n')
    }`)
  await waitFor(() => writer.output().length > 100, { limitMs })
  writer.child.kill('SIGKILL')
  await writer.exited
  const last = Number(writer.output().trimEnd().split('\n').at(-1))
  const { records } = await readJournal(file)
  const numbers = records.slice(1).map((record) => record.data)
  expect(numbers).toEqual(numbers.map((_, n) => n))
  expect(numbers.length).toBeGreaterThan(last)
})

test('what waits in memory is written when the process exits by itself', async () => {
  await using writer = startWriter(`
    journal.append({ source: 's', kind: 'last', data: null })
    process.exit(0)`)
  await writer.exited
  expect((await readJournal(file)).records.at(-1)).toMatchObject({ kind: 'last' })
})

test('what waits in memory is written when the process dies of an exception', async () => {
  await using writer = startWriter(`
    journal.append({ source: 's', kind: 'last', data: null })
    throw new Error('a defect')`)
  await writer.exited
  expect((await readJournal(file)).records.at(-1)).toMatchObject({ kind: 'last' })
})

test('a disk that fills up leaves whole records, is reported once and stops nobody', async () => {
  await using writer = startWriter(
    `journal.failed.then((error) => console.log(error.code))
    for (let n = 0; n < 1000; n++) journal.append({ source: 's', kind: 'n', data: 'x'.repeat(100), urgent: true })
    await journal[Symbol.asyncDispose]()
    console.log('done')`,
    'ulimit -f 16',
  )
  await writer.exited
  expect(writer.output()).toBe('FL6003\ndone\n')
  const { records, torn } = await readJournal(file)
  expect(torn).toBe(false)
  expect(records.length).toBeGreaterThan(50)
  expect(records.length).toBeLessThan(1000)
})

test('the journal of a run of 10,000 tests is read in a few seconds', async () => {
  const stack = 'at somewhere in the code under test (/a/path/to/a/file.ts:10:20)\n'.repeat(20)
  {
    await using journal = openJournal(file, { redactor: new Redactor() })
    for (let n = 0; n < 10_000; n++) {
      journal.append({ source: 's', kind: 'attempt', data: { testId: `file > test ${n}`, stack } })
      for (let look = 0; look < 10; look++)
        journal.append({ source: 'monitor', kind: 'observation', data: { target: 'database', look } })
      if (n % 100 === 0) journal.flush()
    }
  }
  const from = performance.now()
  const { records } = await readJournal(file)
  expect(records.length).toBe(110_001)
  expect(performance.now() - from).toBeLessThan(10_000)
})
