import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  defineEnvironment,
  type EmbeddedDefinition,
  type EmbeddedOptions,
  keeperCommand,
  node,
  type PlatformEvent,
  postgres,
  type RunningEnvironment,
  startEmbedded,
} from '#environment'
import { proxyCommand } from '#fault'
import { agentCommand } from '#probe'

export const root = fileURLToPath(new URL('../..', import.meta.url))

/** The reference application with everything it uses. */
export const staging = defineEnvironment({
  services: {
    database: postgres({ version: 18 }),
    auth: node('fixtures/backend/auth.ts', { uses: { database: 'DATABASE_URL' } }),
    model: node('fixtures/backend/model.ts', { owner: 'external' }),
    analytics: node('fixtures/backend/analytics.ts', { owner: 'external' }),
    app: node('fixtures/backend/main.ts', {
      uses: {
        database: 'DATABASE_URL',
        auth: 'AUTH_URL',
        model: 'MODEL_URL',
        analytics: { variable: 'ANALYTICS_URL', need: 'optional' },
      },
      inherit: ['FIXTURE_DEFECTS'],
    }),
  },
  entry: 'app',
})

/** How the processes of a run are started. */
export const entries: EmbeddedOptions['entries'] = {
  keeper: keeperCommand(),
  proxy: proxyCommand(),
  agent: agentCommand(),
}

/** A running environment, what it told, and where its logs are. */
export interface Stack extends AsyncDisposable {
  readonly environment: RunningEnvironment
  readonly events: PlatformEvent[]
  readonly stateDir: string
}

/** Brings the reference environment up; disposing ends it and removes its logs. */
export async function startStack(
  options: Partial<EmbeddedOptions> = {},
  definition: EmbeddedDefinition = staging,
): Promise<Stack> {
  const stateDir = await mkdtemp(join(tmpdir(), 'environment-suite-'))
  const events: PlatformEvent[] = []
  const environment = await startEmbedded(definition, {
    root,
    stateDir,
    entries,
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
    stateDir,
    async [Symbol.asyncDispose]() {
      await environment[Symbol.asyncDispose]()
      await rm(stateDir, { recursive: true, force: true })
    },
  }
}

/** Who answers here: build and instance, or undefined when nobody does. */
export async function whoAnswers(
  url: string,
): Promise<{ build: string | null; instance: string | null } | undefined> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(1_000) })
    await response.body?.cancel()
    if (!response.ok) return undefined
    return { build: response.headers.get('x-build-id'), instance: response.headers.get('x-instance-id') }
  } catch {
    return undefined
  }
}
