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
import type { LinkName } from '#topology'
import { learnConnections, learnSecrets } from './secrets.ts'

export interface BringUpOptions {
  readonly settings: Settings
  readonly variables: Variables
  readonly journal: JournalSink
  /** The run's own folder. */
  readonly runFolder: string
  /** Gets to know every secret of the environment before anything is written about it. */
  readonly redactor: Redactor
  /** Links that faults will act on by their names. */
  readonly namedLinks?: ReadonlySet<LinkName>
  readonly signal: AbortSignal
}

/** Starts the environment, or connects to it. Throws FL2001, FL2002 and FL2005 as the runtimes do. */
export async function bringUp(options: BringUpOptions): Promise<RunningEnvironment> {
  const { journal, redactor } = options
  learnSecrets(redactor, options)
  const environment = await start(options)
  learnConnections(redactor, environment)
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
  namedLinks,
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
  if (definition.kind === 'containers') return startContainers(definition, own)
  return startEmbedded(definition, { ...own, ...(namedLinks && { namedLinks }) })
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
