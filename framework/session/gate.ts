import path from 'node:path'
import { isFaultlineError, now, Redactor } from '#core'
import type { RunningEnvironment } from '#environment'
import type { FaultSchedule } from '#fault'
import { createRun, type Journal, openJournal, type RunFolder, readJournal } from '#journal'
import { startCoordinator } from '#run'
import { addToBaselines, readBaselines } from './baselines.ts'
import { abortWhenLost, bringUp } from './bring-up.ts'
import { findBrowserOrNone } from './browser.ts'
import type { GateHost, GateRequest, GateResult } from './gate-request.ts'
import { createGuide, type Guide } from './guide.ts'
import { scheduleFaults } from './injections.ts'
import { judgeRecords } from './judge-run.ts'
import { preFlight } from './pre-flight.ts'
import { rerunVictims } from './rerun.ts'
import { noteRunStarted } from './run-started.ts'
import { recordEvents, runSuites } from './suites.ts'
import { startWatch, type Watch } from './watch.ts'
import { workerSettingsOf } from './worker-settings.ts'

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
    if (isFaultlineError(cutShortBy)) {
      const { code, message } = cutShortBy
      journal.append({ source: 'session', kind: 'broken', data: { code, message }, urgent: true })
    }
  }
  // Whoever interrupts the clearing away is told so too.
  if (request.signal.aborted) cutShortBy = request.signal.reason
  journal.flush()
  const { records } = await readJournal(run.journal)
  if (!records.some(({ kind }) => kind === 'run-started')) return { run, cutShortBy }
  const { report } = judgeRecords(records)
  await addToBaselines(request.settings.root, report)
  return { run, report, ...(cutShortBy === undefined ? {} : { cutShortBy }) }
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
  const browser = findBrowserOrNone(settings, request.variables, run, signal)
  const environment = await bringUp({ ...request, journal, runFolder: run.folder, redactor })
  await using stack = new AsyncDisposableStack()
  stack.use(environment)
  abortWhenLost([environment.lost, journal.failed], stopping)
  const { release, faults } = request
  noteRunStarted(journal, {
    settings,
    environment,
    run,
    at: startedAt,
    ...(release === undefined ? {} : { release }),
  })
  journal.append({
    source: 'session',
    kind: 'fault-plan',
    data: { faults: faults.map((fault) => fault.text) },
  })
  onProgress({ kind: 'environment', name: settings.environment.name, ms: now() - startedAt })

  const watch = stack.use(startWatch({ environment, settings, journal, signal }))
  let host: GateHost | undefined
  const schedule = stack.use(
    scheduleFaults(faults, {
      environment,
      journal,
      pidOf: (part) =>
        part === 'monitor'
          ? watch.monitorPid
          : environment.processes().find(({ role }) => role === part)?.pid,
      runner: {
        pids: () => [...watch.runnerPids, ...(host?.workerPids() ?? [])],
        longestLagMs: () => watch.longestLagMs(),
      },
    }),
  )
  await schedule.applyBefore()

  const guide = createGuide({
    watch,
    topology: environment.topology,
    policy: settings.policy,
    journal,
    signal,
    onFirstTest: () => schedule.start(),
  })
  const coordinator = stack.use(await startCoordinator(guide))
  host = stack.use(
    request.createHost({
      globs: request.globs,
      settings,
      provide: {
        ...workerSettingsOf({
          environment,
          settings,
          run,
          browser: await browser,
          baselines: await readBaselines(settings.root),
        }),
        coordinator: coordinator.address,
      },
      logDir: path.join(run.folder, 'logs'),
      onWorker: ({ name, pid }) => {
        environment.lease.hold(pid)
        journal.append({ source: 'host', kind: 'process', data: { role: name, pid } })
      },
    }),
  )
  // The first to be disposed: whatever comes later is Faultline's own clearing away.
  stack.defer(() =>
    journal.append({ source: 'session', kind: 'run-ended', data: { at: now() }, urgent: true }),
  )
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

async function conductTests({
  request,
  journal,
  environment,
  watch,
  guide,
  host,
  schedule,
}: Conduct): Promise<void> {
  const { settings, signal, onProgress } = request
  const onWaiting = (down: readonly string[]) => onProgress({ kind: 'waiting', down })
  const [tests] = await Promise.all([
    host.discover(signal),
    preFlight({ watch, guide, environment, signal, journal, onWaiting }),
  ])
  for (const test of tests) journal.append({ source: 'host', kind: 'test', data: test })
  onProgress({ kind: 'discovered', tests: tests.length })
  const isWrongRelease =
    request.release !== undefined && watch.builds.some((build) => build !== request.release)
  if (!isWrongRelease) {
    const events = recordEvents(journal, onProgress)
    await runSuites({ tests, guide, host, events, signal, policy: settings.policy })
    await rerunVictims({
      tests,
      journal,
      guide,
      host,
      events,
      signal,
      watch,
      policy: settings.policy,
      onProgress,
    })
  }
  await schedule.finish()
}
