import path from 'node:path'
import { mutantAlone, mutantCompounds } from './cells/mutants.ts'
import type { Label } from './label.ts'
import { drawOrder, type Mutant, type MutatedBackend } from './mutants.ts'
import { somethingFailed } from './outcome.ts'
import { type PlannedRun, planRuns } from './plan.ts'
import { runCell } from './run-cell.ts'
import { type ScoredRun, scoreRun } from './scored-run.ts'
import type { Store } from './store.ts'

export interface BenchOptions {
  readonly root: string
  readonly store: Store
  readonly seed: number
  readonly parallel: number
  readonly limitMs: number
  readonly onRun: (label: Label, wasStored: boolean) => void
  readonly signal: AbortSignal
}

/** Runs every planned run that isn't stored yet, `parallel` at a time; gives the ids in the plan's order. */
export async function runAll(
  plan: readonly PlannedRun[],
  options: BenchOptions & { readonly mutated?: MutatedBackend },
): Promise<Label[]> {
  const { store, signal, mutated, onRun } = options
  const labels = new Map<string, Label>()
  const rest = plan.values()
  const work = async () => {
    for (const planned of rest) {
      if (signal.aborted) return
      const found = await store.label(planned.id)
      // A run that gave nothing to judge is tried again.
      const stored = found?.problem === undefined ? found : undefined
      const label =
        stored ?? (await runCell(planned, { ...options, ...(mutated && { mutatedBackend: mutated.folder }) }))
      labels.set(planned.id, label)
      onRun(label, stored !== undefined)
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, work))
  return plan.flatMap(({ id }) => labels.get(id) ?? [])
}

/** A mutant is met when it fails a test each time that it is run alone. */
const timesAlone = 2

/**
 * Tries mutants one after the other until `wanted` of them are met by some test, and runs each of those beside faults.
 * Which are met is read off the journals: whether anything failed, not what was said of it.
 */
export async function runMutants(
  mutated: MutatedBackend,
  wanted: number,
  options: BenchOptions,
): Promise<Label[]> {
  const { store, seed, signal } = options
  const labels: Label[] = []
  let found = 0
  const order = drawOrder(mutated.mutants, seed).values()
  const inTurn = { ...options, parallel: 1, mutated }
  const isMet = async (mutant: Mutant) => {
    for (const planned of planRuns([mutantAlone(mutant)], seed, timesAlone)) {
      const own = await runAll([planned], inTurn)
      labels.push(...own)
      const judgeable = own.filter(({ problem }) => problem === undefined)
      const journals = await Promise.all(judgeable.map(({ id }) => store.journal(id)))
      if (!journals.some((records) => somethingFailed(records))) return false
    }
    return true
  }
  const work = async () => {
    for (const mutant of order) {
      if (signal.aborted || found >= wanted) return
      if (!(await isMet(mutant))) continue
      found += 1
      labels.push(...(await runAll(planRuns(mutantCompounds(mutant), seed, 1), inTurn)))
    }
  }
  await Promise.all(Array.from({ length: options.parallel }, work))
  return labels
}

/** Judges what is stored. Labels without a journal are left out. */
export async function judgeStored(labels: readonly Label[], store: Store): Promise<ScoredRun[]> {
  const judged: ScoredRun[] = []
  for (const label of labels)
    if (label.problem === undefined) judged.push(scoreRun(label, await store.journal(label.id)))
  return judged
}

export const defaultFolder = path.join('.faultline', 'bench', 'attribution')
