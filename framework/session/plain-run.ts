import { now } from '#core'
import { type JournalRecord, readJournal } from '#journal'
import type { Attempt, Blocked, RunGuide, Skipped, TestDefinition } from '#run'
import { readVariables } from '#settings'
import { readBaselines } from './baselines.ts'
import { findBrowserOrNone } from './browser.ts'
import { createGuide } from './guide.ts'
import { openEnvironment, openSettings } from './open.ts'
import { askReadiness } from './readiness.ts'
import { noteRunStarted } from './run-started.ts'
import { startWatch } from './watch.ts'
import { workerSettingsOf } from './worker-settings.ts'

/** What one run of plain Vitest gave; in watch mode there are many. */
export interface PlainResults {
  /** Asked for only where something is judged. */
  definitions(): readonly TestDefinition[]
  readonly attempts: readonly Attempt[]
  readonly blocked: readonly Blocked[]
  readonly skipped: readonly Skipped[]
}

/** The environment of a plain Vitest run, and judgement as far as its evidence goes: nothing is rerun. */
export interface PlainRun extends AsyncDisposable {
  readonly guide: RunGuide
  /** Names a test process, which must not outlive the run. */
  hold(pid: number): void
  /** One line for each test that has a verdict. */
  judge(results: PlainResults): Promise<readonly { readonly testId: string; readonly line: string }[]>
}

/** Starts what plain Vitest needs: the environment of the nearest configuration, looked at for as long as Vitest lives. */
export async function startPlainRun({
  root,
  signal,
}: {
  root: string
  signal: AbortSignal
}): Promise<PlainRun> {
  const variables = readVariables()
  const settings = await openSettings(root, {}, variables)
  await using opening = new AsyncDisposableStack()
  const opened = opening.use(await openEnvironment(settings, variables, signal))
  const { environment, journal, run } = opened
  noteRunStarted(journal, { settings, environment, run, at: now() })
  const watch = opening.use(startWatch({ environment, settings, journal, signal }))
  const readiness = opening.use(askReadiness({ environment, watch, journal, signal }))
  const { topology } = environment
  const guide = createGuide({
    watch,
    topology,
    policy: settings.policy,
    journal,
    signal,
    isContradicted: readiness.contradicts,
    async onFirstTest() {},
  })
  const workers = workerSettingsOf({
    environment,
    settings,
    run,
    browser: await findBrowserOrNone(settings, variables, opened, signal),
    baselines: await readBaselines(settings.root),
  })
  const stack = opening.move()
  return {
    guide: { ...guide, settings: workers },
    hold: (pid) => environment.lease.hold(pid),
    async judge(results) {
      // Loaded when there is something to judge: most runs are green.
      if (isGreen(results)) return []
      const { judgeRecords } = await import('./judge-run.ts')
      journal.flush()
      const { records } = await readJournal(journal.file)
      const { report } = judgeRecords([...records, ...recordsOf(results)])
      return report.tests.flatMap(({ id, verdict }) =>
        verdict
          ? [
              {
                testId: id,
                line: `${verdict.class}: ${verdict.subject} (${verdict.reason}, ${verdict.confidence.toFixed(2)})`,
              },
            ]
          : [],
      )
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

function isGreen({ attempts, blocked }: PlainResults): boolean {
  return blocked.length === 0 && attempts.every(({ outcome }) => outcome === 'passed')
}

function recordsOf({ definitions, attempts, blocked, skipped }: PlainResults): JournalRecord[] {
  const of = (kind: string, list: readonly unknown[]) =>
    list.map((data) => ({ at: now(), source: 'host', kind, data }))
  return [
    ...of('test', definitions()),
    ...of('attempt', attempts),
    ...of('blocked', blocked),
    ...of('skipped', skipped),
  ]
}
