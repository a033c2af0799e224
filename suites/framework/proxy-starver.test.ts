import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { starveProcesses } from '#fault'

test('a starved process gets next to no CPU, and all of it back afterwards', async () => {
  await using busy = await startBusy()
  const starving = starveProcesses(() => [busy.pid])
  await expect.poll(() => state(busy.pid), { timeout: 10_000 }).toBe('T')
  const before = await cpuMs(busy.pid)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  expect((await cpuMs(busy.pid)) - before).toBeLessThan(600)
  await starving[Symbol.asyncDispose]()
  expect(await state(busy.pid)).not.toBe('T')
})

test('starved processes run again when their starver’s owner is killed', async () => {
  await using busy = await startBusy()
  const starver = pathToFileURL('framework/fault/starver.ts').href
  const script = `import { starveProcesses } from '${starver}'; starveProcesses(() => [${busy.pid}])`
  const owner = spawn(process.execPath, [
    '--conditions=faultline-source',
    '--input-type=module',
    '-e',
    script,
  ])
  await expect.poll(() => state(busy.pid), { timeout: 10_000 }).toBe('T')
  owner.kill('SIGKILL')
  await expect.poll(() => state(busy.pid), { timeout: 5000, interval: 200 }).not.toBe('T')
  await expect.poll(() => isSteady(busy.pid), { timeout: 10_000 }).toBe(true)
})

/** Not stopped at any of twenty looks over more than one period of the starver. */
async function isSteady(pid: number): Promise<boolean> {
  for (let look = 0; look < 20; look++) {
    if ((await state(pid)) === 'T') return false
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  return true
}

async function startBusy() {
  const child: ChildProcess = spawn(process.execPath, ['-e', 'for (;;);'])
  await once(child, 'spawn')
  return {
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The fields of /proc/PID/stat behind the name: state first. */
async function stat(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

async function state(pid: number): Promise<string> {
  return (await stat(pid))[0]!
}

async function cpuMs(pid: number): Promise<number> {
  const fields = await stat(pid)
  return (Number(fields[11]) + Number(fields[12])) * 10
}
