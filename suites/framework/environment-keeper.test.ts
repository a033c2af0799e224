import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { waitFor } from '#core'
import { entries, startStack, whoAnswers } from './environment-stack.ts'

const ownerFile = fileURLToPath(new URL('environment-owner.ts', import.meta.url))
/** What the design promises: nothing survives its owner by more than this. */
const promise = { limitMs: 10_000, everyMs: 50 }
const start = { limitMs: 8_000 }

interface Told {
  readonly entry: string
  readonly lease: Record<string, string>
  readonly processes: { role: string; pid: number }[]
}

/** A process that owns an environment, with a folder for temporary files of its own. */
class Owner implements AsyncDisposable {
  readonly process: ChildProcess
  readonly lines: Record<string, unknown>[] = []
  readonly temporary: string

  constructor(temporary: string, options: object = {}) {
    this.temporary = temporary
    this.process = spawn(
      process.execPath,
      [
        '--conditions=faultline-source',
        '--disable-warning=ExperimentalWarning',
        ownerFile,
        JSON.stringify(options),
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: temporary }, detached: true },
    )
    createInterface({ input: this.process.stdout! }).on('line', (line) => this.lines.push(JSON.parse(line)))
  }

  static async start(): Promise<Owner> {
    return new Owner(await makeTemporary())
  }

  async up(): Promise<Told> {
    return (await waitFor(() => this.lines[0], start)) as unknown as Told
  }

  async folders(): Promise<string[]> {
    return (await readdir(this.temporary)).filter((name) => name.startsWith('faultline-'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGKILL')
      await once(this.process, 'exit')
    }
    await waitFor(async () => (await this.folders()).length === 0, promise)
    await rm(this.temporary, { recursive: true, force: true })
  }
}

/** A folder for temporary files that the user who runs PostgreSQL can pass through, as through /tmp. */
async function makeTemporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'owner-suite-'))
  await chmod(folder, 0o755)
  return folder
}

/** Every process that was started with this lease. */
async function carriersOf(lease: Record<string, string>): Promise<number[]> {
  const [mark] = Object.entries(lease).map((pair) => pair.join('='))
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
      return text.split('\0').includes(mark ?? '') ? [Number(pid)] : []
    }),
  )
  return found.flat()
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until nothing of the environment is left: processes, whether named or only marked, and folders. */
async function untilGone(owner: Owner, { lease, processes }: Told): Promise<void> {
  await waitFor(async () => {
    const left = [...(await carriersOf(lease)), ...processes.map(({ pid }) => pid).filter(isThere)]
    return left.length === 0 && (await owner.folders()).length === 0
  }, promise)
}

function pidOf({ processes }: Told, role: string): number {
  return processes.find((one) => one.role === role)?.pid ?? Number.NaN
}

test.for(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('%s of the owner ends everything', async (signal) => {
  await using owner = await Owner.start()
  const told = await owner.up()
  expect((await carriersOf(told.lease)).length).toBeGreaterThanOrEqual(6)
  owner.process.kill(signal)
  await untilGone(owner, told)
})

test('Ctrl-C, which reaches the whole process group, ends everything', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  process.kill(-owner.process.pid!, 'SIGINT')
  await untilGone(owner, told)
})

test.for([0, 50, 100, 200, 350])(
  'an owner killed %i ms into the bring-up leaves nothing',
  async (afterMs) => {
    await using owner = await Owner.start()
    await waitFor(async () => (await owner.folders()).length > 0, start)
    await new Promise((resolve) => setTimeout(resolve, afterMs))
    const environs = await carriersBelow(owner.temporary)
    owner.process.kill('SIGKILL')
    await waitFor(async () => (await owner.folders()).length === 0, promise)
    await waitFor(
      async () => (await carriersBelow(owner.temporary)).length === 0 && !environs.some(isThere),
      promise,
    )
  },
)

/** Every process with this folder for temporary files: the owner and whatever it started. */
function carriersBelow(temporary: string): Promise<number[]> {
  return carriersOf({ TMPDIR: temporary })
}

test('processes that were polite only to Ctrl-C, frozen, or started by somebody else for the run are ended too', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  const stubborn = spawn(
    process.execPath,
    ['--eval', "for (const s of ['SIGTERM', 'SIGINT']) process.on(s, () => {}); setInterval(() => {}, 1000)"],
    { env: { ...told.lease }, stdio: 'ignore', detached: true },
  )
  const ended = once(stubborn, 'exit')
  for (const role of ['app', 'database', 'proxy']) process.kill(pidOf(told, role), 'SIGSTOP')
  owner.process.kill('SIGKILL')
  await ended
  await untilGone(owner, told)
})

test('a killed database leaves no shared memory', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  const madeByIt = async () => {
    const table = (await readFile('/proc/sysvipc/shm', 'utf8'))
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
    return table.some((fields) => fields[4] === String(pidOf(told, 'database')))
  }
  expect(await madeByIt()).toBe(true)
  process.kill(pidOf(told, 'database'), 'SIGSTOP')
  process.kill(pidOf(told, 'keeper'), 'SIGSTOP')
  owner.process.kill('SIGKILL')
  process.kill(pidOf(told, 'database'), 'SIGKILL')
  process.kill(pidOf(told, 'keeper'), 'SIGCONT')
  await untilGone(owner, told)
  expect(await madeByIt()).toBe(false)
})

test('a process that is not of the run is left alone', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  const stranger = spawn('sleep', ['60'], { env: { FAULTLINE_LEASE: 'another' }, stdio: 'ignore' })
  try {
    owner.process.kill('SIGKILL')
    await untilGone(owner, told)
    expect(stranger.exitCode).toBeNull()
    expect(stranger.signalCode).toBeNull()
  } finally {
    stranger.kill('SIGKILL')
  }
})

test('an owner that loses its keeper learns it, and ends everything itself', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  process.kill(pidOf(told, 'keeper'), 'SIGKILL')
  await waitFor(() => owner.lines.some((line) => line['disposed'] === true), promise)
  expect(owner.lines[1]).toEqual({ lost: 'FL2003' })
  await untilGone(owner, told)
})

test('an owner that loses the proxy learns it', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  process.kill(pidOf(told, 'proxy'), 'SIGKILL')
  await waitFor(() => owner.lines.some((line) => line['disposed'] === true), promise)
  expect(owner.lines[1]).toEqual({ lost: 'FL2004' })
  await untilGone(owner, told)
})

test('losing the agent goes unremarked: the run goes on', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  process.kill(pidOf(told, 'agent'), 'SIGKILL')
  await waitFor(() => !isThere(pidOf(told, 'agent')), promise)
  await waitFor(() => whoAnswers(told.entry), start)
  expect(owner.lines).toHaveLength(1)
})

test('the keeper outlasts polite signals while its owner lives', async () => {
  await using owner = await Owner.start()
  const told = await owner.up()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pidOf(told, 'keeper'), signal)
  process.kill(pidOf(told, 'app'), 'SIGKILL')
  await waitFor(() => whoAnswers(told.entry), start)
  expect(isThere(pidOf(told, 'keeper'))).toBe(true)
  owner.process.kill('SIGKILL')
  await untilGone(owner, told)
})

test('the next start removes the folder of a run whose owner and keeper died at once, and no other', async () => {
  const temporary = await makeTemporary()
  const strangers = join(temporary, 'faultline-of-somebody')
  await mkdir(strangers)
  await writeFile(join(strangers, 'notes'), 'keep me')
  const first = new Owner(temporary)
  const told = await first.up()
  process.kill(pidOf(told, 'keeper'), 'SIGSTOP')
  process.kill(pidOf(told, 'keeper'), 'SIGKILL')
  first.process.kill('SIGKILL')
  await once(first.process, 'exit')
  for (const pid of [...(await carriersOf(told.lease)), pidOf(told, 'database')])
    if (isThere(pid)) process.kill(pid, 'SIGKILL')
  const left = await first.folders()
  const second = new Owner(temporary)
  try {
    await second.up()
    const now = await second.folders()
    expect(now).toContain('faultline-of-somebody')
    expect(now.filter((name) => left.includes(name))).toEqual(['faultline-of-somebody'])
  } finally {
    await rm(strangers, { recursive: true })
    await second[Symbol.asyncDispose]()
  }
})

test('a platform part that cannot come up fails the bring-up and leaves nothing behind', async () => {
  const broken = { file: process.execPath, args: ['--eval', 'process.exit(3)'] }
  const temporary = await makeTemporary()
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = temporary
  try {
    await expect(startStack({ entries: { ...entries, proxy: broken } })).rejects.toMatchObject({
      code: 'FL2001',
    })
    expect((await readdir(temporary)).filter((name) => name.startsWith('faultline-'))).toEqual([])
    expect(await carriersBelow(temporary)).toEqual([])
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    await rm(temporary, { recursive: true, force: true })
  }
})
