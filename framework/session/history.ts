import { readFile } from 'node:fs/promises'
import { FaultlineError, messageOf, now } from '#core'
import { type Correction, type History, openHistory } from '#history'
import { type Journal, readJournal } from '#journal'
import type { Settings } from '#settings'
import type { Baselines } from './baselines.ts'
import { type JudgedRun, judgeRecords, judgeRun } from './judge-run.ts'

type HistorySettings = Pick<Settings, 'historyFile' | 'environment'>

/**
 * Does something with the history. Undefined where it is off, and where it can't be used, which is noted: a memory that
 * is lost costs no run.
 */
function withHistory<Result>(
  { historyFile }: Pick<Settings, 'historyFile'>,
  onTrouble: (message: string) => void,
  work: (history: History) => Result,
): Result | undefined {
  if (historyFile === undefined) return undefined
  try {
    using history = openHistory(historyFile)
    return work(history)
  } catch (error) {
    onTrouble(messageOf(error))
    return undefined
  }
}

/** What tests took and how often they passed, as remembered; undefined where nothing is. */
export function rememberedBaselines(settings: HistorySettings, journal: Journal): Baselines | undefined {
  return withHistory(settings, noteIn(journal), (history) => history.baselines(settings.environment.name))
}

/** Writes down when failures like those of the run so far were seen before: for people, after everything is decided on. */
export async function noteSeenBefore(settings: HistorySettings, journal: Journal): Promise<void> {
  if (settings.historyFile === undefined) return
  journal.flush()
  const { records } = await readJournal(journal.file)
  if (!records.some(({ kind }) => kind === 'run-started')) return
  const { report } = judgeRecords(records)
  const prints = report.tests.flatMap(({ attempts }) =>
    attempts.flatMap(({ fingerprint }) => (fingerprint === null ? [] : [fingerprint])),
  )
  if (prints.length === 0) return
  const data = withHistory(settings, noteIn(journal), (history) => history.seenBefore(prints, report.runId))
  if (data) journal.append({ source: 'session', kind: 'seen-before', data })
}

/** Adds a run to the history; gives what kept it from that. */
export function remember(settings: HistorySettings, { report }: JudgedRun): string | undefined {
  let trouble: string | undefined
  const note = (message: string) => {
    trouble = message
  }
  withHistory(settings, note, (history) => history.add(report))
  return trouble
}

function noteIn(journal: Journal): (message: string) => void {
  return (message) => journal.append({ source: 'session', kind: 'history-trouble', data: { message } })
}

/**
 * Keeps what a person says of a test's failure, with the run's journal. Throws FL1004 for a test that the run doesn't have
 * or that never failed in it, FL6001 and FL6002 for the run, FL6005 where history is off or can't be used.
 */
export async function correctVerdict(
  { root, historyFile }: Pick<Settings, 'root' | 'historyFile'>,
  which: string,
  test: string,
  said: Pick<Correction, 'class' | 'why'>,
): Promise<Correction> {
  using history = historyOf(historyFile)
  const { run, report } = await judgeRun(root, which)
  const found = report.tests.filter(({ id }) => id === test)
  const candidates = found.length > 0 ? found : report.tests.filter(({ id }) => id.includes(test))
  const [one] = candidates
  if (!one || candidates.length > 1)
    throw new FaultlineError(
      'FL1004',
      `${candidates.length} tests of run ${run.id} have "${test}" in their ids`,
      {
        remedy: 'give the id of one test, as `faultline explain` prints it',
      },
    )
  if (!one.verdict)
    throw new FaultlineError(
      'FL1004',
      `"${one.id}" did not fail in run ${run.id}: there is nothing to correct`,
    )
  const correction: Correction = {
    ...{ runId: report.runId, testId: one.id, at: now(), ...said },
    said: `${one.verdict.class}: ${one.verdict.subject}, ${one.verdict.reason}`,
  }
  history.correct({ ...correction, journal: await readFile(run.journal, 'utf8') })
  return correction
}

/** The history of the settings, for a command that is about it. Throws FL6005. */
export function historyOf(file: string | undefined, options: { mustExist?: boolean } = {}): History {
  if (file !== undefined) return openHistory(file, options)
  throw new FaultlineError('FL6005', 'history is off', {
    remedy: 'put `history: {}` into the configuration, or name a file: `history: { file: … }`',
  })
}
