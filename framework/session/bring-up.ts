import type { FaultlineError, Redactor } from '#core'
import {
  keeperCommand,
  type RunningEnvironment,
  startContainers,
  startEmbedded,
  startRemote,
} from '#environment'
import type { Tier } from '#evidence'
import { proxyCommand } from '#fault'
import type { JournalSink } from '#journal'
import { agentCommand } from '#probe'
import { passOn, type Settings, type Variables } from '#settings'

export interface BringUpOptions {
  readonly settings: Settings
  readonly variables: Variables
  readonly journal: JournalSink
  /** The run's own folder. */
  readonly runFolder: string
  /** Gets to know every secret of the environment before anything is written about it. */
  readonly redactor: Redactor
  readonly signal: AbortSignal
}

/** Starts the environment, or connects to it. Throws FL2001, FL2002 and FL2005 as the runtimes do. */
export async function bringUp(options: BringUpOptions): Promise<RunningEnvironment> {
  const { journal, redactor, settings } = options
  const environment = await start(options)
  learnSecrets(environment, settings, redactor)
  // Whatever this process starts from now on ends with the run, also when nobody lives to end it.
  passOn(environment.lease.environment)
  for (const { role, pid } of environment.processes())
    journal.append({ source: 'session', kind: 'process', data: { role, pid }, urgent: true })
  return environment
}

function start({
  settings,
  variables,
  journal,
  runFolder,
  signal,
}: BringUpOptions): Promise<RunningEnvironment> {
  const { definition } = settings.environment
  const common = { stateDir: runFolder, inheritEnv: variables.all, signal }
  if (definition.kind === 'remote')
    return startRemote(definition, { ...common, journal, entries: { keeper: keeperCommand() } })
  const own = {
    ...common,
    root: settings.root,
    entries: { keeper: keeperCommand(), proxy: proxyCommand(), agent: agentCommand() },
    journal,
    buildId: variables.all['BUILD_ID'] ?? 'local',
  }
  return definition.kind === 'containers' ? startContainers(definition, own) : startEmbedded(definition, own)
}

function learnSecrets(environment: RunningEnvironment, settings: Settings, redactor: Redactor): void {
  const { connections, agent } = environment
  const known = [...Object.values(connections.direct), ...Object.values(connections.links)]
  for (const address of [
    ...known.map(({ url }) => url.reveal()),
    ...settings.probes.map((probe) => probe.address),
  ])
    if (URL.canParse(address)) redactor.add(decodeURIComponent(new URL(address).password))
  if (agent) redactor.add(agent.token.reveal())
  const { definition } = settings.environment
  if (definition.kind === 'remote' && definition.events && 'url' in definition.events)
    for (const value of Object.values(definition.events.headers ?? {}))
      if (typeof value !== 'string') redactor.add(value.reveal())
}

/** The most that evidence from this environment can know. */
export function tierOf(environment: RunningEnvironment): Tier {
  if (environment.tellsEvents) return 'T3'
  return environment.agent ? 'T2' : 'T1'
}

/** Stops a run as soon as a part is lost without which it can't go on. */
export function abortWhenLost(losses: readonly Promise<FaultlineError>[], controller: AbortController): void {
  for (const loss of losses) void loss.then((error) => controller.abort(error))
}
