import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { waitFor } from '#core'
import { defineEnvironment, keeperCommand, node, postgres, startEmbedded } from '#environment'
import type { OpenClients } from '#experiment'
import { createLinkFaults, type LinkFaults, proxyCommand } from '#fault'
import { agentCommand } from '#probe'
import { linkName } from '#topology'
import { chaosClients } from '#vitest'
import { type Dependency, dependencies } from './operations.ts'

/** The application with its resilience, and the same one without, on the same dependencies. */
export const armNames = ['on', 'off'] as const
export type ArmName = (typeof armNames)[number]

/** One application under load, with links of its own that can be hurt. */
export interface Arm {
  readonly name: ArmName
  readonly openClients: OpenClients
  readonly faults: LinkFaults
  linkTo(dependency: Dependency): `${string}/${string}`
}

export interface Stage extends AsyncDisposable {
  readonly arms: readonly Arm[]
  /** Past every link. */
  readonly databaseUrl: string
}

const root = path.resolve(import.meta.dirname, '../..')
const readyLimitMs = 30_000
const uses = {
  database: 'DATABASE_URL',
  auth: 'AUTH_URL',
  model: { variable: 'MODEL_URL', need: 'optional' },
  analytics: { variable: 'ANALYTICS_URL', need: 'optional' },
} as const
const services: Readonly<Record<ArmName, string>> = { on: 'app', off: 'plain' }

const chat = defineEnvironment({
  entry: services.on,
  services: {
    database: postgres({ version: 18 }),
    auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL' } }),
    model: node('fixtures/backend/model.ts', { owner: 'external' }),
    analytics: node('fixtures/backend/analytics.ts'),
    [services.on]: node('fixtures/backend/main.ts', { uses, inherit: ['FIXTURE_DEFECTS'] }),
    [services.off]: node('fixtures/backend/main.ts', { uses, env: { FIXTURE_RESILIENCE: 'off' } }),
  },
})

/** Brings both applications up; `variables` are those of this process. */
export async function openStage(variables: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const stateDir = await mkdtemp(path.join(tmpdir(), 'faultline-resilience-'))
  stack.defer(() => rm(stateDir, { recursive: true, force: true }))
  const environment = stack.use(
    await startEmbedded(chat, {
      ...{ root, stateDir, inheritEnv: variables, signal },
      entries: { keeper: keeperCommand(), proxy: proxyCommand(), agent: agentCommand() },
      journal: { append() {} },
      namedLinks: new Set(
        Object.values(services).flatMap((service) => dependencies.map((one) => linkName(service, one))),
      ),
    }),
  )
  const { proxy, connections } = environment
  if (!proxy) throw new Error('an embedded environment has a proxy')
  // The first proxy of a link is the application's: what the agent beside it meets is no witness here.
  const faults = createLinkFaults({
    apiUrl: proxy.apiUrl,
    proxiesOf: (link) => proxy.proxiesOf(link).slice(0, 1),
  })
  const arms = armNames.map((name): Arm => {
    const service = services[name]
    return {
      ...{ name, faults },
      openClients: clientsOf(service, connections.direct[service]!.url.reveal()),
      linkTo: (dependency) => `${service}/${dependency}`,
    }
  })
  for (const service of Object.values(services)) {
    const url = connections.direct[service]!.url.reveal()
    await waitFor(() => isReady(url, signal), { limitMs: readyLimitMs, everyMs: 100, signal })
  }
  const moved = stack.move()
  return {
    arms,
    databaseUrl: connections.direct['database']!.url.reveal(),
    [Symbol.asyncDispose]: () => moved.disposeAsync(),
  }
}

/** Whether it serves, and its users can sign in. */
async function isReady(url: string, signal: AbortSignal): Promise<boolean> {
  const body = JSON.stringify({ user: 'somebody' })
  const headers = { 'content-type': 'application/json' }
  try {
    const answers = await Promise.all([
      fetch(`${url}/health/ready`, { signal }),
      fetch(`${url}/auth/session`, { method: 'POST', body, headers, signal }),
    ])
    return answers.every(({ ok }) => ok)
  } catch {
    return false
  }
}

function clientsOf(service: string, url: string): OpenClients {
  return chaosClients({
    entry: { service, url },
    addresses: {},
    policy: { retries: 0, retryDelayMs: 0 },
    baselines: {},
    secrets: [],
    seed: 1,
  })
}
