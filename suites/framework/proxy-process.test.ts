import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const main = fileURLToPath(new URL('../../framework/fault/proxy/main.ts', import.meta.url))

test('it says where it listens, in one line of JSON', async () => {
  await using proxy = await start()
  expect((await fetch(`${proxy.url}/version`)).status).toBe(200)
})

test('an owned proxy ends when its owner’s end of stdin closes', async () => {
  await using proxy = await start('--owned')
  proxy.child.stdin?.end()
  expect(await proxy.exit).toBe(0)
})

test('an owned proxy ends when its owner is killed', async () => {
  const script = `
    const child = require('node:child_process').spawn(process.execPath,
      ['--conditions=faultline-source', ${JSON.stringify(main)}, '--owned'], { stdio: ['pipe', 'inherit', 'inherit'] })
    console.error(child.pid)`
  const owner = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [[pid]] = await Promise.all([once(owner.stderr, 'data'), once(owner.stdout, 'data')])
  owner.kill('SIGKILL')
  await expect.poll(() => isAlive(Number(String(pid))), { timeout: 10_000 }).toBe(false)
})

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0, with connections open', async (signal) => {
  await using proxy = await start()
  const upstream = new URL(proxy.url).host
  const body = JSON.stringify({ name: 'p', listen: '127.0.0.1:0', upstream })
  const { listen } = (await (await fetch(`${proxy.url}/proxies`, { method: 'POST', body })).json()) as {
    listen: string
  }
  expect((await fetch(`http://${listen}/version`)).status).toBe(200)
  proxy.child.kill(signal)
  expect(await proxy.exit).toBe(0)
})

async function start(...flags: string[]) {
  const child: ChildProcess = spawn(process.execPath, [
    '--conditions=faultline-source',
    main,
    ...flags,
    '{"seed":1}',
  ])
  const exit = once(child, 'exit').then(([code]) => code)
  const [line] = await once(child.stdout!, 'data')
  return {
    child,
    exit,
    url: (JSON.parse(String(line)) as { url: string }).url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
