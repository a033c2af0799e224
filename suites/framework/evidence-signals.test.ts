import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstCause, signalsOfText } from '#evidence'

const root = join(import.meta.dirname, '../..')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultline-evidence-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

/** A port on which nobody listens, found and used by the test under observation itself. */
const closedPort = `
import { once } from 'node:events'
import { createServer } from 'node:net'
async function closedPort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
`

/** What the runner prints, with colours, for a file with this test. */
async function outputOf(runner: readonly string[], name: string, source: string): Promise<string> {
  await writeFile(join(folder, name), `${closedPort}\n${source}`)
  const run = promisify(execFile)(process.execPath, [...runner], {
    cwd: folder,
    env: { ...process.env, FORCE_COLOR: '1', CI: '1', VITEST: undefined, TEST: undefined },
    timeout: 60_000,
  })
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error)
  return `${stdout}\n${stderr}`
}

const byVitest = (name: string, source: string) =>
  outputOf(
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, name],
    name,
    `import { beforeAll, expect, test } from 'vitest'\n${source}`,
  )

const byPlaywright = (name: string, source: string) =>
  outputOf(
    [
      join(root, 'node_modules/playwright/cli.js'),
      'test',
      name,
      '--reporter=list',
      `--output=${join(folder, 'out')}`,
    ],
    name,
    `import { expect, test } from 'playwright/test'\n${source}`,
  )

test('a refused fetch is the cause in what Vitest prints, in colours and with its code frame', async () => {
  const output = await byVitest(
    'refused.test.mjs',
    "test('asks', async () => { await fetch('http://127.0.0.1:' + (await closedPort())) })",
  )
  expect(output).toContain('\u001b[')
  expect(firstCause(signalsOfText(output))).toMatchObject({ code: 'ECONNREFUSED', host: '127.0.0.1' })
})

test('a wrong value is the cause in what Vitest prints, whatever its source mentions', async () => {
  const output = await byVitest(
    'wrong.test.mjs',
    "test('adds', () => {\n  const names = ['ECONNRESET', '57P01']\n  expect(names.length).toBe(503)\n})",
  )
  expect(signalsOfText(output).map((signal) => signal.kind)).toEqual(['assertion'])
})

test('a hook that takes too long is a timeout in what Vitest prints', async () => {
  const output = await byVitest(
    'hook.test.mjs',
    "beforeAll(() => new Promise(() => undefined), 50)\ntest('never runs', () => undefined)",
  )
  expect(firstCause(signalsOfText(output))).toMatchObject({
    kind: 'timeout',
    stableCode: 'VT.HOOK_TIMEOUT',
    code: '50ms',
  })
})

test('a refused fetch is the cause in what Playwright Test prints', async () => {
  const output = await byPlaywright(
    'refused.spec.mjs',
    "test('asks', async () => { await fetch('http://127.0.0.1:' + (await closedPort())) })",
  )
  expect(firstCause(signalsOfText(output))).toMatchObject({ code: 'ECONNREFUSED', host: '127.0.0.1' })
})

test('a test that takes too long is a timeout in what Playwright Test prints', async () => {
  const output = await byPlaywright(
    'slow.spec.mjs',
    "test('waits', async () => { test.setTimeout(100); await new Promise(() => undefined) })",
  )
  expect(firstCause(signalsOfText(output))).toMatchObject({
    kind: 'timeout',
    stableCode: 'PW.TEST_TIMEOUT',
    code: '100ms',
  })
})

test('a wrong value is the cause in what Playwright Test prints', async () => {
  const output = await byPlaywright('wrong.spec.mjs', "test('adds', () => { expect(1 + 1).toBe(3) })")
  expect(signalsOfText(output).map((signal) => signal.kind)).toEqual(['assertion'])
})
