import type { EpochMs } from '#core'
import type { RunningEnvironment } from '#environment'
import type { RunStarted } from '#evidence'
import type { JournalSink, RunFolder } from '#journal'
import type { Settings } from '#settings'
import { tierOf } from './bring-up.ts'

/** Writes what every later reader of the journal must know first: what ran where, and how it is to be judged. */
export function noteRunStarted(
  journal: JournalSink,
  parts: {
    settings: Settings
    environment: RunningEnvironment
    run: RunFolder
    release?: string
    at: EpochMs
  },
): void {
  const { settings, environment, run, release, at } = parts
  const { minimumTests, rerunPasses, onRaceSuspected } = settings.policy
  const data: RunStarted = {
    id: run.id,
    root: settings.root,
    environment: settings.environment.name,
    topology: environment.topology,
    policy: { minimumTests, passesToClear: rerunPasses, raceSuspected: onRaceSuspected },
    ...(release === undefined ? {} : { release }),
    tierCeiling: tierOf(environment),
    intervalMs: settings.samplingIntervalMs,
  }
  journal.append({ at, source: 'session', kind: 'run-started', data, urgent: true })
}
