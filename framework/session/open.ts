import { now, Redactor, waitFor } from '#core'
import type { RunningEnvironment } from '#environment'
import { problemsOf } from '#environment'
import { createRun, type Journal, openJournal, type RunFolder } from '#journal'
import { completeSettings, loadConfig, type Settings, type Variables } from '#settings'
import type { LinkName } from '#topology'
import { bringUp } from './bring-up.ts'
import { maskLogs } from './mask-logs.ts'

/** Loads, checks and completes the configuration. Throws FL1001, FL1002, FL1003 and FL1005. */
export async function openSettings(
  cwd: string,
  options: { config?: string; env?: string },
  variables: Variables,
): Promise<Settings> {
  const environment = options.env ?? variables.environment
  return completeSettings(await loadConfig(cwd, options.config), {
    checkDefinition: problemsOf,
    ...(environment ? { environment } : {}),
  })
}

/** An environment outside a gate run, with a run folder of its own for its logs. */
export interface OpenEnvironment extends AsyncDisposable {
  readonly environment: RunningEnvironment
  readonly run: RunFolder
  readonly journal: Journal
  /** Knows every secret of the environment. */
  readonly redactor: Redactor
}

/** Brings an environment up for `faultline up`, `faultline probe` and plain Vitest, and for experiments. */
export async function openEnvironment(
  settings: Settings,
  variables: Variables,
  signal: AbortSignal,
  namedLinks: ReadonlySet<LinkName> = new Set(),
): Promise<OpenEnvironment> {
  await using opening = new AsyncDisposableStack()
  const redactor = new Redactor()
  const run = await createRun(settings.root, 'environments')
  const journal = opening.use(openJournal(run.journal, { redactor }))
  opening.defer(() => maskLogs(run.folder, redactor))
  const environment = opening.use(
    await bringUp({ settings, variables, journal, runFolder: run.folder, redactor, namedLinks, signal }),
  )
  journal.append({
    source: 'session',
    kind: 'environment',
    data: { name: settings.environment.name, at: now(), intervalMs: settings.samplingIntervalMs },
  })
  const stack = opening.move()
  return { environment, run, journal, redactor, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

const entryLimitMs = 15_000
const callLimitMs = 5_000

/**
 * Waits until the entry answers HTTP, over its edge link: at all, or as `isGood` asks of the status. False when it doesn't
 * within 15 s.
 */
export async function entryAnswers(
  { connections }: RunningEnvironment,
  signal: AbortSignal,
  isGood: (status: number) => boolean = () => true,
): Promise<boolean> {
  const answers = async () => {
    // Each call has its own limit: an entry that begins to answer and goes on for ever isn't waited for.
    const limit = AbortSignal.any([signal, AbortSignal.timeout(callLimitMs)])
    try {
      const { status, body } = await fetch(connections.entry, { signal: limit, redirect: 'manual' })
      await body?.cancel()
      return isGood(status)
    } catch {
      return false
    }
  }
  return waitFor(answers, { limitMs: entryLimitMs, everyMs: 100, signal }).catch(() => {
    signal.throwIfAborted()
    return false
  })
}
