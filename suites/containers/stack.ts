import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type ContainersDefinition,
  type ContainersOptions,
  compose,
  containers,
  keeperCommand,
  node,
  type PlatformEvent,
  postgres,
  type RunningEnvironment,
  startContainers,
} from '#environment'
import { proxyCommand } from '#fault'
import { agentCommand } from '#probe'
import { faultline, root } from '../gate/gate-command.ts'

const images = {
  postgres: 'faultline.local/postgres:18',
  toxiproxy: 'faultline.local/toxiproxy:2.12.0',
  node: 'faultline.local/node:24',
}

/** A database and one service that uses it: the least that has a link inside. */
export const small = containers({
  entry: 'auth',
  services: {
    database: postgres({ version: 18 }),
    auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL' } }),
  },
  images,
})

/** The same service, on a database and a search that come from a compose file. */
export const composed = containers({
  entry: 'auth',
  services: {
    ...compose('suites/containers/compose.yaml', {
      database: {
        service: 'db',
        port: 5432,
        url: 'postgres://ada:in-the-file@any/theirs',
        owner: 'platform',
      },
      search: { port: 9200, health: '/' },
    }),
    auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL', search: 'SEARCH_URL' } }),
  },
  images,
})

/** Why no environment of containers can be brought up here, with something more that it may need, or undefined. */
export async function obstacleToContainers(further?: string): Promise<string | undefined> {
  const { stdout } = await faultline(['doctor', '--json'])
  const { findings } = JSON.parse(stdout) as { findings: { subject: string; status: string }[] }
  const missing = findings.filter(
    ({ subject, status }) =>
      status !== 'ready' &&
      (subject === further || /^(Docker engine|package testcontainers|image )/.test(subject)),
  )
  if (missing.length === 0) return undefined
  // Where an engine is promised, its lack is a failure and no skip.
  if (process.env['FAULTLINE_REQUIRE_DOCKER'])
    throw new Error(`required here, and missing: ${missing.map(({ subject }) => subject).join(', ')}`)
  return `${missing.map(({ subject }) => subject).join(', ')} not to be had here; \`faultline doctor\` says why`
}

/** A running environment, what it told, and the lease that all of it carries. */
export interface Stack extends AsyncDisposable {
  readonly environment: RunningEnvironment
  readonly events: PlatformEvent[]
  readonly leaseId: string
}

/** Brings an environment up; disposing ends it and removes its logs. */
export async function startStack(
  definition: ContainersDefinition = small,
  options: Partial<ContainersOptions> = {},
): Promise<Stack> {
  const stateDir = await mkdtemp(join(tmpdir(), 'containers-suite-'))
  const events: PlatformEvent[] = []
  try {
    const environment = await startContainers(definition, {
      root,
      stateDir,
      entries: { keeper: keeperCommand(), proxy: proxyCommand(), agent: agentCommand() },
      inheritEnv: process.env,
      journal: {
        append: ({ kind, data }) => {
          if (kind === 'platform-event') events.push(data as PlatformEvent)
        },
      },
      signal: AbortSignal.timeout(60_000),
      buildId: 'build-1',
      ...options,
    })
    return {
      environment,
      events,
      leaseId: Object.values(environment.lease.environment).join(),
      async [Symbol.asyncDispose]() {
        await environment[Symbol.asyncDispose]()
        await rm(stateDir, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await rm(stateDir, { recursive: true, force: true })
    throw error
  }
}

/** Calls the engine's command line. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args)
  return stdout.trim()
}

/** Every container and network that carries a lease, by what the engine calls it. */
export async function heldBy(leaseId: string): Promise<string[]> {
  const filter = `label=faultline.lease=${leaseId}`
  const lists = await Promise.all([
    docker('ps', '--all', '--filter', filter, '--format', '{{.Label "faultline.role"}}'),
    docker('network', 'ls', '--filter', filter, '--format', '{{.Name}}'),
  ])
  return lists.flatMap((list) => list.split('\n')).filter((line) => line !== '')
}

/** Whether something answers 200 there. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
