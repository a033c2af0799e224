import { randomInt } from 'node:crypto'
import { now, Redactor } from '#core'
import type { RunningEnvironment } from '#environment'
import type { FaultSchedule, FaultSpec } from '#fault'
import { createRun, type Journal, openJournal, type RunFolder, readJournal } from '#journal'
import type { RunReport } from '#report'
import { type Coordinator, type HostEvents, startCoordinator, type TestDefinition, type TestHost } from '#run'
import type { Settings, Variables } from '#settings'
import { abortWhenLost, addressesOf, bringUp, tierOf } from './bring-up.ts'
import { createGuide, type Guide } from './guide.ts'
import { scheduleFaults } from './injections.ts'
import { reportOf } from './judge-run.ts'
import { preFlight } from './pre-flight.ts'
import { rerunVictims } from './rerun.ts'
import { startWatch, type Watch } from './watch.ts'

/**
 * One gate run: brings the environment up, probes it, runs the tests, reruns those that infrastructure failed, judges and decides.
 * The journal is kept and a report is made also when the run is cut short. Throws what keeps it from beginning.
 */
export async function runGate(request: GateRequest): Promise<GateResult> {
  const redactor = new Redactor()
  const run = await createRun(request.settings.root)
  await using journal = openJournal(run.journal, { redactor })
  const stopping = new AbortController()
  const signal = AbortSignal.any([request.signal, stopping.signal])
  let cutShortBy: unknown
  try {
    await conduct({ ...request, signal }, { run, journal, redactor, stopping })
  } catch (error) {
    if (!signal.aborted) throw error
    cutShortBy = signal.reason
  }
  journal.append({ source: 'session', kind: 'run-ended', data: { at: now() }, urgent: true })
  const { records } = await readJournal(run.journal)
  return { run, report: reportOf(records), ...(cutShortBy === undefined ? {} : { cutShortBy }) }
}

interface RunParts {
  readonly run: RunFolder
  readonly journal: Journal
  readonly redactor: Redactor
  readonly stopping: AbortController
}

async function conduct(request: GateRequest, { run, journal, redactor, stopping }: RunParts): Promise<void> {
  const { settings, signal, onProgress } = request
  const startedAt = now()
  const environment = await bringUp({ ...request, journal, runFolder: run.folder, redactor })
  await using stack = new AsyncDisposableStack()
  stack.use(environment)
  abortWhenLost([environment.lost, journal.failed], stopping)
  journal.append({ source: 'session', kind: 'run-started', data: runStarted(request, environment, run.id), at: startedAt, urgent: true })
  onProgress({ kind: 'environment', name: settings.environment.name, ms: now() - startedAt })

  const watch = stack.use(startWatch({ environment, settings, journal, signal }))
  const pids: { workers: () => readonly number[] } = { workers: () => [] }
  const schedule = stack.use(scheduleFaults(request.faults, { environment, watch, journal, workerPids: () => pids.workers() }))
  await schedule.applyBefore()

  const guide = createGuide({
    monitor: watch.monitor,
    topology: environment.topology,
    policy: settings.policy,
    journal,
    signal,
    onFirstTest: () => schedule.start(),
  })
  const coordinator = stack.use(await startCoordinator(guide))
  const host = stack.use(request.createHost(hostRequest(request, { run, environment, coordinator, journal })))
  pids.workers = () => host.workerPids()
  await conductTests({ request, journal, environment, watch, guide, host, schedule })
}

interface Conduct {
  readonly request: GateRequest
  readonly journal: Journal
  readonly environment: RunningEnvironment
  readonly watch: Watch
  readonly guide: Guide
  readonly host: GateHost
  readonly schedule: FaultSchedule
}

async function conductTests({ request, journal, environment, watch, guide, host, schedule }: Conduct): Promise<void> {
  const { settings, signal, onProgress } = request
  const [tests, ready] = await Promise.all([
    host.discover(signal),
    preFlight({ watch, environment, settings, signal, journal, onWaiting: (down) => onProgress({ kind: 'waiting', down }) }),
  ])
  for (const test of tests) journal.append({ source: 'host', kind: 'test', data: test })
  onProgress({ kind: 'discovered', tests: tests.length })
  const wrongRelease = request.release !== undefined && watch.builds.some((build) => build !== request.release)
  if (!wrongRelease) {
    const events = recordEvents(journal, onProgress)
    await runSuites({ tests, ready, guide, host, events, signal, policy: settings.policy })
    await rerunVictims({ tests, journal, guide, host, events, signal, watch, policy: settings.policy, onProgress })
  }
  await schedule.finish()
}
