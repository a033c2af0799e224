import path from 'node:path'
import { type EpochMs, now, type Redactor } from '#core'
import type { RunningEnvironment } from '#environment'
import { type FaultSchedule, namedLinksOf } from '#fault'
import type { Journal, RunFolder } from '#journal'
import { type HandedSettings, startCoordinator } from '#run'
import { readBaselines } from './baselines.ts'
import { abortWhenLost, bringUp } from './bring-up.ts'
import { findBrowserOrNone } from './browser.ts'
import type { GateHost, GateRequest } from './gate-request.ts'
import { createGuide, type Guide } from './guide.ts'
import { rememberedBaselines } from './history.ts'
import { scheduleFaults } from './injections.ts'
import { maskLogs } from './mask-logs.ts'
import { type AskedReadiness, askReadiness } from './readiness.ts'
import { noteRunStarted } from './run-started.ts'
import { startWatch, type Watch } from './watch.ts'
import { workerSettingsOf } from './worker-settings.ts'

/** Where a run is written down. */
export interface RunRecord {
  readonly run: RunFolder
  readonly journal: Journal
  readonly redactor: Redactor
}

/** All that a gate's tests run on, up and looked at. Disposing it ends everything, the environment last. */
export interface Stage extends AsyncDisposable {
  readonly environment: RunningEnvironment
  readonly watch: Watch
  readonly guide: Guide
  readonly readiness: AskedReadiness
  readonly host: GateHost
  readonly schedule: FaultSchedule
  /** A host more, whose tests meet this entry and nothing else, with nobody to guide them. */
  hostFor(entryUrl: string): GateHost
}

/** Brings the environment up, starts to look at it, puts on what is to be on before, and makes the host ready. */
export async function setStage(
  request: GateRequest,
  record: RunRecord,
  stopping: AbortController,
): Promise<Stage> {
  const { settings, variables, faults, signal, onProgress } = request
  const { run, journal } = record
  const startedAt = now()
  const browser = findBrowserOrNone(settings, variables, record, signal)
  await using setting = new AsyncDisposableStack()
  setting.defer(() => maskLogs(run.folder, record.redactor))
  const environment = setting.use(
    await bringUp({
      ...{ settings, variables, ...record, signal },
      runFolder: run.folder,
      namedLinks: namedLinksOf(faults),
    }),
  )
  abortWhenLost([environment.lost, journal.failed], stopping)
  noteStart(request, environment, record, startedAt)
  onProgress({ kind: 'environment', name: settings.environment.name, ms: now() - startedAt })

  const watch = setting.use(startWatch({ environment, settings, journal, signal }))
  watch.onHealthChange((change) => request.onProgress({ kind: 'health', change }))
  const readiness = setting.use(askReadiness({ environment, watch, journal, signal }))
  let host: GateHost | undefined
  const workerPids = () => host?.workerPids() ?? []
  const schedule = setting.use(scheduleFaults(faults, faultParts(environment, watch, journal, workerPids)))
  await schedule.applyBefore()

  const { topology } = environment
  const onFirstTest = () => schedule.start()
  const guide = createGuide({
    ...{ watch, topology, policy: settings.policy, journal, signal, onFirstTest },
    isContradicted: readiness.contradicts,
  })
  const coordinator = setting.use(await startCoordinator(guide))
  const baselines = rememberedBaselines(settings, journal) ?? (await readBaselines(settings.root))
  const workers = workerSettingsOf({ environment, settings, run, baselines, browser: await browser })
  const createHost = (provide: HandedSettings, logs: string) =>
    request.createHost({
      globs: request.globs,
      settings,
      provide,
      logDir: path.join(run.folder, logs),
      onWorker({ name, pid }) {
        environment.lease.hold(pid)
        journal.append({ source: 'host', kind: 'process', data: { role: name, pid } })
      },
    })
  const hostFor = (url: string) =>
    createHost({ ...workers, entry: { service: topology.entry, url }, addresses: {} }, 'logs/control-arm')
  host = setting.use(createHost({ ...workers, coordinator: coordinator.address }, 'logs'))
  // The first to be disposed: whatever comes later is Faultline's own clearing away.
  setting.defer(() =>
    journal.append({ source: 'session', kind: 'run-ended', data: { at: now() }, urgent: true }),
  )
  const stack = setting.move()
  return {
    environment,
    watch,
    guide,
    readiness,
    host,
    schedule,
    hostFor,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function noteStart(
  { settings, release, faults }: GateRequest,
  environment: RunningEnvironment,
  { run, journal }: RunRecord,
  at: EpochMs,
): void {
  const asked = release === undefined ? {} : { release }
  noteRunStarted(journal, { settings, environment, run, at, ...asked })
  journal.append({
    source: 'session',
    kind: 'fault-plan',
    data: { faults: faults.map((fault) => fault.text) },
  })
}

/** What faults may hit besides services and links: Faultline's own observers, and the runner. */
function faultParts(
  environment: RunningEnvironment,
  watch: Watch,
  journal: Journal,
  workerPids: () => readonly number[],
) {
  const pidOfRole = (role: string) => environment.processes().find((each) => each.role === role)?.pid
  return {
    environment,
    journal,
    pidOf: (part: string) => (part === 'monitor' ? watch.monitorPid : pidOfRole(part)),
    lastDeadLook: watch.lastDeadLook,
    runner: {
      pids: () => [...watch.runnerPids, ...workerPids()],
      longestLagMs: () => watch.longestLagMs(),
    },
  }
}
