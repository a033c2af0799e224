import { isFaultlineError, Redactor } from '#core'
import { createRun, type Journal, openJournal, readJournal } from '#journal'
import { addToBaselines } from './baselines.ts'
import { readChange } from './change.ts'
import { runControlArm } from './control-arm.ts'
import type { GateRequest, GateResult } from './gate-request.ts'
import { noteSeenBefore, remember } from './history.ts'
import { judgeStored } from './judge-run.ts'
import { knownIssuesOf } from './known-issues.ts'
import { preFlight } from './pre-flight.ts'
import { rerunVictims } from './rerun.ts'
import { type Stage, setStage } from './stage.ts'
import { recordEvents, runSuites } from './suites.ts'

/**
 * One gate run: brings the environment up, probes it, runs the tests, reruns those that infrastructure failed, judges and decides.
 * The journal is kept and a report is made also when the run is cut short. Throws what keeps it from beginning.
 */
export async function runGate(request: GateRequest): Promise<GateResult> {
  const { settings, variables, base } = request
  const change = base === undefined ? undefined : await readChange(base, settings, request.signal)
  const known = await knownIssuesOf(settings, variables, request.signal)
  const redactor = new Redactor()
  const run = await createRun(settings.root)
  await using journal = openJournal(run.journal, { redactor })
  const stopping = new AbortController()
  const signal = AbortSignal.any([request.signal, stopping.signal])
  let cutShortBy: unknown
  try {
    await using stage = await setStage({ ...request, signal }, { run, journal, redactor }, stopping)
    if (change) journal.append({ source: 'session', kind: 'change', data: change })
    if (known) journal.append({ source: 'session', kind: 'known-issues', data: known, urgent: true })
    await conduct(stage, journal, { ...request, signal })
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
  await noteSeenBefore(settings, journal)
  journal.flush()
  const { records, torn } = await readJournal(run.journal)
  if (!records.some(({ kind }) => kind === 'run-started')) return { run, cutShortBy }
  const judged = judgeStored({ run, records, torn })
  await addToBaselines(settings.root, judged.report)
  const historyTrouble = remember(settings, judged)
  return {
    ...{ run, judged },
    ...(cutShortBy === undefined ? {} : { cutShortBy }),
    ...(historyTrouble === undefined ? {} : { historyTrouble }),
  }
}

/** Looks before it runs, runs, and runs again what may be cleared. */
async function conduct(stage: Stage, journal: Journal, request: GateRequest): Promise<void> {
  const { host, watch, schedule } = stage
  const { settings, release, signal, onProgress } = request
  const { policy } = settings
  const onWaiting = (down: readonly string[]) => onProgress({ kind: 'waiting', down })
  const [tests] = await Promise.all([
    host.discover(signal),
    preFlight({ ...stage, signal, journal, onWaiting }),
  ])
  for (const test of tests) journal.append({ source: 'host', kind: 'test', data: test })
  onProgress({ kind: 'discovered', tests: tests.length })
  const isWrongRelease = release !== undefined && watch.builds.some((build) => build !== release)
  if (!isWrongRelease) {
    const events = recordEvents(journal, onProgress)
    await runSuites({ ...stage, tests, events, signal, policy })
    await rerunVictims({ ...stage, tests, journal, events, signal, policy, onProgress })
    const { baseline, root } = settings
    if (baseline) await runControlArm({ ...stage, baseline, tests, journal, root, signal, onProgress })
  }
  await schedule.finish()
}
