import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { vi } from 'vitest'
import { commandLine, root } from './gate-command.ts'
import {
  isRunning,
  kill,
  linksIn,
  listeningSockets,
  processesOf,
  type SeenProcess,
  sharedMemoryMakers,
} from './traces.ts'

/** How to tell the processes of a gate from each other, by their command lines. */
const commands = {
  keeper: /environment\/keeper\/main/,
  proxy: /fault\/proxy\/main/,
  agent: /probe\/agent\/main/,
  monitor: /health\/monitor\/main/,
  'runner probe': /probe\/runner-main/,
  starver: /fault\/starver-main/,
  worker: /vitest\/suppress-warnings/,
  database: /bin\/postgres -D /,
  auth: /backend\/auth/,
  app: /backend\/main/,
} as const

/** A process of a gate, but for the gate itself. */
export type Part = keyof typeof commands

/** Where a gate can be held, or be met in passing. */
export type Moment = 'bring-up' | 'pre-flight' | 'first test' | 'fault on' | 'rerun' | 'tear-down'

const marks: Partial<Record<Moment, string>> = {
  'first test': 'first',
  'fault on': 'middle',
  rerun: 'first-again',
}

const reachLimit = { timeout: 45_000, interval: 10 }

/** How a process ended, and what it said. */
export interface Ended {
  readonly exit: number | NodeJS.Signals
  readonly stdout: string
  readonly stderr: string
}

/** A gate in a process group of its own, with a folder for temporary files of its own, that waits where it is told to. */
export class HeldGate implements AsyncDisposable {
  readonly ended: Promise<Ended>
  readonly #moment: Moment
  readonly #child: ChildProcess
  readonly #folder: string
  readonly #seen = new Map<string, SeenProcess>()
  readonly #sockets = new Set<string>()
  #journal: string | undefined

  /** `cache` is for compiled code, which outlives a run on purpose. */
  constructor(moment: Moment, options: { readonly inject: readonly string[]; readonly cache: string }) {
    this.#moment = moment
    this.#folder = mkdtempSync(path.join(tmpdir(), 'held-gate-'))
    // As through /tmp, the user who runs PostgreSQL must be able to pass.
    chmodSync(this.#folder, 0o755)
    for (const folder of [this.temporary, this.#strangers, this.#marks]) mkdirSync(folder)
    const inject = options.inject.flatMap((fault) => ['--inject', fault])
    const glob = 'suites/gate/held/held.e2e.ts'
    const child = spawn(process.execPath, [...commandLine, 'gate', '--env', 'embedded', glob, ...inject], {
      cwd: root,
      detached: true,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        VITEST: '',
        NODE_COMPILE_CACHE: options.cache,
        TMPDIR: this.temporary,
        HELD_FOLDER: this.#marks,
        HELD_AT: marks[moment] ?? '',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const { promise: exited, resolve } = Promise.withResolvers<number | NodeJS.Signals>()
    child.on('exit', (code, signal) => resolve(signal ?? code ?? Number.NaN))
    this.ended = Promise.all([exited, text(child.stdout), text(child.stderr)]).then(
      ([exit, stdout, stderr]) => ({ exit, stdout, stderr }),
    )
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN
  }

  /** The folder for temporary files of the gate and of all that it starts. */
  get temporary(): string {
    return path.join(this.#folder, 'temporary')
  }

  /** Looks like a folder of a run, and isn't. */
  get #strangers(): string {
    return path.join(this.temporary, 'faultline-of-somebody')
  }

  get #marks(): string {
    return path.join(this.#folder, 'marks')
  }

  /** The file that the gate writes its record to, once it does. */
  get journal(): string | undefined {
    this.#journal ??= linksIn(`/proc/${this.pid}/fd`).find((file) => file.endsWith('/journal.ndjson'))
    return this.#journal
  }

  /** Waits until the gate is at its moment: at bring-up as soon as this part of it runs. */
  async reached(part: Part): Promise<void> {
    // A starved test comes nowhere soon.
    const mark = part === 'starver' ? undefined : marks[this.#moment]
    await vi.waitUntil(() => {
      if (this.#child.exitCode !== null)
        throw new Error(`the gate ended before: exit ${this.#child.exitCode}`)
      if (this.journal === undefined) return false
      if (mark !== undefined) return existsSync(path.join(this.#marks, mark)) && this.#faultIsOn()
      if (this.#moment === 'pre-flight') return this.#says('"role":"runner-probe"')
      if (this.#moment === 'tear-down') return this.#says('"kind":"run-ended"')
      return this.find(part) !== undefined
    }, reachLimit)
  }

  #faultIsOn(): boolean {
    return this.#moment !== 'fault on' || this.#says('"kind":"fault-on"')
  }

  #says(text: string): boolean {
    return this.journal !== undefined && readFileSync(this.journal, 'utf8').includes(text)
  }

  /** The process that is this part right now. */
  find(part: Part): SeenProcess | undefined {
    return this.look().find(({ command }) => commands[part].test(command))
  }

  /** Every process of the gate right now; what was seen once is looked for to the end. */
  look(): SeenProcess[] {
    const found = processesOf(this.temporary)
    for (const one of found) this.#seen.set(`${one.pid} ${one.startedAt}`, one)
    const listening = listeningSockets()
    for (const inode of found.flatMap((one) => one.sockets()))
      if (listening.has(inode)) this.#sockets.add(inode)
    return found
  }

  /** Lets the test that waits go on. */
  goOn(): void {
    writeFileSync(path.join(this.#marks, 'go-on'), '')
  }

  /** What is there of the gate, in words: nothing, once it has cleaned up. */
  traces(): string[] {
    this.look()
    const listening = listeningSockets()
    const makers = sharedMemoryMakers()
    const seen = [...this.#seen.values()]
    return [
      ...seen.filter(isRunning).map(({ pid, command }) => `process ${pid}: ${command}`),
      ...[...this.#sockets].filter((inode) => listening.has(inode)).map((inode) => `listener ${inode}`),
      ...seen.filter(({ pid }) => makers.has(pid)).map(({ pid }) => `shared memory of ${pid}`),
      ...readdirSync(this.temporary)
        .filter((name) => name !== path.basename(this.#strangers))
        .map((name) => `folder ${name}`),
    ]
  }

  /** Whether somebody else's folder, which looks like that of a run, is there still. */
  strangersAreLeft(): boolean {
    return existsSync(this.#strangers)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.look()
    for (const one of this.#seen.values()) kill(one, 'SIGKILL')
    await this.ended
    await rm(this.#folder, { recursive: true, force: true })
  }
}
