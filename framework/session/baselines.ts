import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { RunReport } from '#report'
import type { Baseline } from '#run'

/** Time and success of each test over earlier runs, by test id. */
export type Baselines = Readonly<Record<string, Baseline>>

/** How much of the old value stays when a run is added. */
const memory = 0.8

function fileIn(root: string): string {
  return path.join(root, '.faultline', 'baselines.json')
}

/** Reads the stored baselines; none where there are none yet, or where the file isn't readable as such. */
export async function readBaselines(root: string): Promise<Baselines> {
  try {
    return JSON.parse(await readFile(fileIn(root), 'utf8')) as Baselines
  } catch {
    return {}
  }
}

/** Adds a run to the baselines. Only attempts that ran as normal count: what ran on unwell infrastructure says nothing of the test. */
export async function addToBaselines(root: string, report: RunReport): Promise<void> {
  const before = await readBaselines(root)
  const after = { ...before }
  for (const { id, attempts } of report.tests) {
    const normal = attempts.filter((attempt) => attempt.strategy === 'normal')
    if (normal.length > 0 && normal.every(({ verdict }) => verdict?.class !== 'infrastructure'))
      after[id] = blend(before[id], normal)
  }
  const file = fileIn(root)
  await mkdir(path.dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  await writeFile(draft, `${JSON.stringify(after, null, 2)}\n`)
  await rename(draft, file)
}

function blend(before: Baseline | undefined, attempts: RunReport['tests'][number]['attempts']): Baseline {
  const passed = attempts.filter((attempt) => attempt.outcome === 'passed')
  const durationMs =
    passed.length > 0 ? mean(passed.map((attempt) => attempt.durationMs)) : (before?.durationMs ?? 0)
  const successShare = passed.length / attempts.length
  if (!before) return { durationMs, successShare }
  return {
    durationMs: memory * before.durationMs + (1 - memory) * durationMs,
    successShare: memory * before.successShare + (1 - memory) * successShare,
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
