import { FaultlineError, now, Redactor } from '#core'
import { topologyOf } from '#environment'
import {
  conductExperiment,
  type Experiment,
  type ExperimentPorts,
  type ExperimentProgress,
  type ExperimentResult,
  type OpenClients,
} from '#experiment'
import { type FaultSpec, namedLinksOf, parseFault } from '#fault'
import { statusOf } from '#health'
import type { RunFolder } from '#journal'
import type { WorkerSettings } from '#run'
import type { Settings, Variables } from '#settings'
import { pathOf, type Topology } from '#topology'
import { abortWhenLost } from './bring-up.ts'
import { refuseProduction } from './chaos-guard.ts'
import { watchLinks } from './chaos-links.ts'
import { proveRolledBack } from './chaos-rollback.ts'
import { scheduleFaults } from './injections.ts'
import { type OpenEnvironment, openEnvironment } from './open.ts'
import { startWatch, type Watch } from './watch.ts'
import { workerSettingsOf } from './worker-settings.ts'

export interface ChaosRequest {
  readonly settings: Settings
  readonly variables: Variables
  readonly experiments: readonly Experiment[]
  /** In place of every experiment's own faults, where there are any. */
  readonly profiles: readonly string[]
  readonly seed: number
  /** The tests' clients, made from what test workers are told. */
  readonly clientsOf: (settings: WorkerSettings) => OpenClients
  readonly onProgress: (progress: ExperimentProgress) => void
  readonly onResult: (result: ExperimentResult) => void
  readonly signal: AbortSignal
}

export interface ChaosResult {
  readonly run: RunFolder
  readonly results: readonly ExperimentResult[]
  /** Why the run ended before its end: the caller's interrupt, or a part that was lost. */
  readonly cutShortBy?: unknown
}

/**
 * Runs experiments one after the other in one environment, which is brought up for them. Throws FL4002 where it may not be
 * disturbed, FL1006 for a fault that isn't valid, and what keeps the environment from coming up.
 */
export async function runChaos(request: ChaosRequest): Promise<ChaosResult> {
  const { settings, variables, experiments, profiles } = request
  refuseProduction(settings.environment)
  // Every fault is read before anything is started.
  const topology = topologyOf(settings.environment.definition)
  const planned = experiments.map((experiment) => ({
    experiment,
    faults: faultsOf(experiment, settings, profiles).map((text) => readFault(text, topology)),
  }))
  const stopping = new AbortController()
  const signal = AbortSignal.any([request.signal, stopping.signal])
  await using stack = new AsyncDisposableStack()
  const namedLinks = namedLinksOf(planned.flatMap(({ faults }) => faults))
  const opened = stack.use(await openEnvironment(settings, variables, signal, namedLinks))
  const { environment, journal, run } = opened
  abortWhenLost([environment.lost, journal.failed], stopping)
  const clientSettings = workerSettingsOf({ environment, settings, run, browser: undefined, baselines: {} })
  const openClients = request.clientsOf(clientSettings)
  const watch = stack.use(startWatch({ environment, settings, journal, signal }))
  stack.defer(
    environment.onEvent((event) =>
      journal.append({ at: event.at, source: 'supervisor', kind: 'platform-event', data: event }),
    ),
  )
  const redactor = redactorOf(clientSettings.secrets)
  const results: ExperimentResult[] = []
  for (const { experiment, faults } of planned) {
    if (signal.aborted) break
    const ports = portsOf(request, { opened, openClients, watch, faults, signal })
    const result = redactor.value(await conductExperiment(experiment, request.seed, ports))
    results.push(result)
    request.onResult(result)
  }
  journal.append({ source: 'session', kind: 'run-ended', data: { at: now() }, urgent: true })
  return { run, results, ...(signal.aborted && { cutShortBy: signal.reason }) }
}

/** What a journey met may have been said with a password in it. */
function redactorOf(secrets: readonly string[]): Redactor {
  const redactor = new Redactor()
  for (const secret of secrets) redactor.add(secret)
  return redactor
}

/** What is put on: what was asked for, else the experiment's own, or what stands in for it. */
function faultsOf(
  { faults, onToxiproxy = faults }: Experiment,
  { environment }: Settings,
  profiles: readonly string[],
): readonly string[] {
  if (profiles.length > 0) return profiles
  return environment.definition.kind === 'containers' ? onToxiproxy : faults
}

/** A fault of an experiment, which begins when the steady state is proved. */
function readFault(text: string, topology: Topology): FaultSpec {
  const fault = parseFault(text, topology)
  if (fault.window.kind === 'span') return fault
  throw new FaultlineError('FL1006', `The fault "${text}" would act before the experiment's steady state`, {
    remedy: 'give it a window from the moment of its injection, such as :0s-5s',
  })
}

interface PortParts {
  readonly opened: OpenEnvironment
  readonly openClients: OpenClients
  readonly watch: Watch
  readonly faults: readonly FaultSpec[]
  readonly signal: AbortSignal
}

function portsOf(
  request: ChaosRequest,
  { opened, openClients, watch, faults, signal }: PortParts,
): ExperimentPorts {
  const { settings } = request
  const { environment, journal } = opened
  const { topology } = environment
  const isWell = (service: string) =>
    ['healthy', 'degraded'].includes(statusOf(watch.monitor.snapshot(), service, topology.entry))
  return {
    openClients,
    faults,
    createSchedule: () =>
      scheduleFaults(faults, {
        environment,
        journal,
        pidOf: (part) =>
          part === 'monitor'
            ? watch.monitorPid
            : environment.processes().find(({ role }) => role === part)?.pid,
        runner: { pids: () => watch.runnerPids, longestLagMs: () => watch.longestLagMs() },
      }),
    watchLinks: (links) => watchLinks(environment, links),
    health: () => watch.monitor.snapshot(),
    async waitUntilWell(services, waitSignal) {
      const needs = Object.fromEntries(services.map((service) => [service, 'required' as const]))
      const path = pathOf(topology, needs).services
      await watch.monitor.waitUntil(() => path.every(isWell), {
        limitMs: settings.policy.recoveryWaitMs,
        signal: waitSignal,
      })
      return path.filter((service) => !isWell(service))
    },
    proveRolledBack: () => proveRolledBack(environment, Object.keys(topology.services)),
    journal,
    onProgress: request.onProgress,
    signal,
  }
}
