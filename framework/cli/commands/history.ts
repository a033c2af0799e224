import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type ExitCode, exitCode } from '#core'
import type { Correction } from '#history'
import { historyOf, openSettings } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface HistoryOptions {
  readonly config?: string
  readonly json?: boolean
}

/** `faultline history`: what is remembered. */
export async function history(context: CommandContext, options: HistoryOptions): Promise<ExitCode> {
  const { historyFile } = await openSettings(context.cwd, options, readVariables())
  using remembered = historyOf(historyFile, { mustExist: true })
  const [tests, failures, corrections] = [remembered.tests(), remembered.failures(), remembered.corrections()]
  if (options.json) {
    context.out(JSON.stringify({ tests, failures, corrections }, null, 2))
    return exitCode.pass
  }
  const percent = (share: number) => `${Math.round(share * 100)} %`.padStart(5)
  const time = (ms: number | null) => (ms === null ? '–' : `${Math.round(ms)} ms`).padStart(9)
  context.out(
    [
      `Tests (${tests.length})`,
      ...tests.map(
        (each) =>
          `  ${percent(each.successShare)} ${time(each.durationMs)}  ${String(each.runs).padStart(4)} runs  ${each.environment}  ${each.testId}`,
      ),
      `Failures (${failures.length})`,
      ...failures.map(({ fingerprint, runs, firstAt, lastAt, verdicts, testId }) => {
        const said = Object.entries(verdicts).map(([name, times]) => `${name} ${times}`)
        return `  ${fingerprint}  ${runs} runs, ${day(firstAt)} – ${day(lastAt)}  ${said.join(', ')}  ${testId}`
      }),
      `Corrections (${corrections.length})`,
      ...corrections.map(
        ({ runId, testId, said, class: found, why }) =>
          `  ${runId}  ${said ?? 'no verdict'} → ${found}: ${why}  ${testId}`,
      ),
    ].join('\n'),
  )
  return exitCode.pass
}

export interface ExportOptions {
  readonly config?: string
  readonly cases: string
}

/**
 * `faultline history export`: each correction as a labelled run, `journals/<id>.ndjson` and `labels/<id>.json`, for
 * those who study verdicts. Nobody has declared that its evidence suffices, so that no tier counts as decidable, and calibration
 * passes it over.
 */
export async function exportCases(context: CommandContext, options: ExportOptions): Promise<ExitCode> {
  const { historyFile } = await openSettings(context.cwd, options, readVariables())
  using remembered = historyOf(historyFile, { mustExist: true })
  const cases = remembered.cases()
  const at = (folder: string) => path.resolve(context.cwd, options.cases, folder)
  await mkdir(at('journals'), { recursive: true })
  await mkdir(at('labels'), { recursive: true })
  for (const { journal, ...correction } of cases) {
    const label = labelOf(correction)
    await writeFile(path.join(at('journals'), `${label.id}.ndjson`), journal)
    await writeFile(path.join(at('labels'), `${label.id}.json`), `${JSON.stringify(label, null, 2)}\n`)
  }
  context.out(`${cases.length} ${cases.length === 1 ? 'case' : 'cases'} in ${options.cases}`)
  return exitCode.pass
}

function labelOf(correction: Correction) {
  const { runId, testId, class: found } = correction
  const defect = found !== 'infrastructure'
  const id = `${runId}-${createHash('sha256').update(testId).digest('hex').slice(0, 8)}`
  return {
    ...{ schema: 'faultline.label/1', id, cell: `correction ${id}`, family: 'correction' },
    ...{ defect: defect ? id : null, repetition: 1, seed: 0, split: 'calibration', bite: 'expected' },
    truth: { class: found, scope: defect ? null : 'environment', subjects: [], defect },
    decidable: { T0: false, T1: false, T2: false, T3: false },
    ...{ faults: [], exitCode: null, durationMs: 0, correction },
  } as const
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
