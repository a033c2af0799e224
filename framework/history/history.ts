import { existsSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync, gzipSync } from 'node:zlib'
import { FaultlineError, messageOf, Redactor } from '#core'
import type { RunReport, SeenBefore } from '#report'
import type { Baseline } from '#run'
import type { Correction, LabelledCase, RememberedFailure, RememberedTest } from './remembered.ts'
import { inTransaction, prepare } from './schema.ts'

/** How long one run waits for another that writes, in ms. */
const busyMs = 5000

/** Baselines are of a test's last runs. */
const baselineRuns = 20

/** A memory of runs: what failed how, how long tests take, and what people said. It exonerates nobody. */
export interface History extends Disposable {
  /** Adds a run; one that is there already is written anew. */
  add(report: RunReport): void
  /** Earlier runs with these failures, without the run itself. */
  seenBefore(fingerprints: readonly string[], exceptRun: string): Record<string, SeenBefore>
  /** Time and success of each test, over its last twenty runs on this environment. */
  baselines(environment: string): Record<string, Baseline>
  tests(): RememberedTest[]
  failures(): RememberedFailure[]
  /** Keeps what a person said, with the run's journal; a second word on the same test counts in place of the first. */
  correct(correction: LabelledCase): void
  corrections(): Correction[]
  cases(): LabelledCase[]
}

/**
 * Opens a history. Makes the file where there is none, unless it must exist.
 * Throws FL6005, also later, when the file is damaged, read-only, or somebody else's.
 */
export function openHistory(file: string, options: { mustExist?: boolean } = {}): History {
  if (options.mustExist && !existsSync(file))
    throw new FaultlineError('FL6005', `${file}: there is no history yet`, {
      remedy: 'a gate run writes it, once `history: {}` is in the configuration',
    })
  return guarded(file, () => {
    mkdirSync(path.dirname(file), { recursive: true })
    const database = new DatabaseSync(file, { timeout: busyMs })
    try {
      const problem = prepare(database)
      if (problem) throw new Error(problem)
      return historyIn(database, file)
    } catch (error) {
      database.close()
      throw error
    }
  })
}

function guarded<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    throw new FaultlineError('FL6005', `${file}: ${messageOf(error)}`, {
      remedy: 'move the file away, or name another one by `history.file`; a new one is made',
      cause: error,
    })
  }
}

function historyIn(database: DatabaseSync, file: string): History {
  const all = <Row>(sql: string, ...values: (string | number)[]) =>
    guarded(file, () => database.prepare(sql).all(...values) as unknown as Row[])
  return {
    add: (report) => guarded(file, () => addRun(database, report)),
    seenBefore(fingerprints, exceptRun) {
      const rows = all<FailureRow>(
        `${failureRows} WHERE fingerprint IN (SELECT value FROM json_each(?)) AND run <> ? ORDER BY at`,
        JSON.stringify(fingerprints),
        exceptRun,
      )
      return Object.fromEntries([...byFingerprint(rows)].map(([print, same]) => [print, seenIn(same)]))
    },
    baselines(environment) {
      const rows = all<TestRow>(
        `${lastRuns} WHERE age <= ? AND environment = ? GROUP BY test`,
        baselineRuns,
        environment,
      )
      return Object.fromEntries(
        rows
          .filter(({ duration }) => duration !== null)
          .map(({ test, duration, share }) => [test, { durationMs: duration!, successShare: share }]),
      )
    },
    tests: () =>
      all<TestRow>(`${lastRuns} GROUP BY test, environment ORDER BY test, environment`).map((row) => ({
        testId: row.test,
        environment: row.environment,
        runs: row.runs,
        durationMs: row.duration,
        successShare: row.share,
      })),
    failures: () =>
      [...byFingerprint(all<FailureRow>(`${failureRows} ORDER BY at`))].map(([fingerprint, rows]) => ({
        fingerprint,
        testId: rows.at(-1)!.test,
        ...seenIn(rows),
      })),
    correct: ({ runId, testId, class: found, why, said, at, journal }) =>
      guarded(file, () => {
        const put = 'INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?, ?, ?, ?)'
        database.prepare(put).run(runId, testId, found, new Redactor().text(why), said, at, gzipSync(journal))
      }),
    corrections: () => all<Correction>(`SELECT ${correctionColumns} FROM corrections ORDER BY at`),
    cases: () =>
      all<Correction & { journal: Uint8Array }>(
        `SELECT ${correctionColumns}, journal FROM corrections ORDER BY at`,
      ).map((row) => ({ ...row, journal: gunzipSync(row.journal).toString() })),
    [Symbol.dispose]: () => database.close(),
  }
}

const correctionColumns = 'run AS runId, test AS testId, class, why, said, at'

interface TestRow {
  readonly test: string
  readonly environment: string
  readonly runs: number
  readonly duration: number | null
  readonly share: number
}

/** Each test's runs, the youngest first; a mean time counts as often as there were passes. */
const lastRuns = `
  SELECT test, environment, count(*) AS runs, sum(duration * passed) / nullif(sum(passed), 0) AS duration,
         1.0 * sum(passed) / sum(attempts) AS share
  FROM (SELECT *, row_number() OVER (PARTITION BY test, environment ORDER BY at DESC) AS age
        FROM tests JOIN runs ON runs.id = tests.run)`

interface FailureRow {
  readonly fingerprint: string
  readonly run: string
  readonly test: string
  readonly class: string
  readonly at: number
}

const failureRows =
  'SELECT fingerprint, run, test, class, at FROM failures JOIN runs ON runs.id = failures.run'

function byFingerprint(rows: readonly FailureRow[]): Map<string, FailureRow[]> {
  return Map.groupBy(rows, (row) => row.fingerprint)
}

/** Rows come in the order of their time, and there is one at least. */
function seenIn(rows: readonly FailureRow[]): SeenBefore {
  const verdicts = Map.groupBy(rows, (row) => row.class)
  return {
    runs: new Set(rows.map(({ run }) => run)).size,
    firstAt: rows[0]!.at,
    lastAt: rows.at(-1)!.at,
    verdicts: Object.fromEntries([...verdicts].map(([name, same]) => [name, same.length])),
  }
}

function addRun(database: DatabaseSync, { runId, startedAt, environment, decision, tests }: RunReport): void {
  inTransaction(database, () => {
    database.prepare('DELETE FROM runs WHERE id = ?').run(runId)
    database.prepare('INSERT INTO runs VALUES (?, ?, ?, ?)').run(runId, startedAt, environment, decision)
    const putTest = database.prepare('INSERT INTO tests VALUES (?, ?, ?, ?, ?)')
    const putFailure = database.prepare('INSERT INTO failures VALUES (?, ?, ?, ?, ?)')
    for (const { id, attempts } of tests) {
      // What ran on unwell infrastructure says nothing of the test.
      const sound = attempts.filter(
        ({ strategy, verdict }) => strategy === 'normal' && verdict?.class !== 'infrastructure',
      )
      const passed = sound.filter(({ outcome }) => outcome === 'passed')
      const totalMs = passed.reduce((sum, { durationMs }) => sum + durationMs, 0)
      const meanMs = passed.length > 0 ? totalMs / passed.length : null
      if (sound.length > 0) putTest.run(runId, id, sound.length, passed.length, meanMs)
      for (const { n, fingerprint, verdict } of attempts)
        if (fingerprint !== null) putFailure.run(runId, id, n, fingerprint, verdict?.class ?? 'none')
    }
  })
}
