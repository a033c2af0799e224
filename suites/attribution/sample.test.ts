import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgeStored, runAll } from '../../scripts/bench-attribution/bench.ts'
import { writtenCells } from '../../scripts/bench-attribution/cells/index.ts'
import type { Label } from '../../scripts/bench-attribution/label.ts'
import { tiers } from '../../scripts/bench-attribution/outcome.ts'
import { planRuns, stratifiedSample } from '../../scripts/bench-attribution/plan.ts'
import { isFalseExoneration } from '../../scripts/bench-attribution/score.ts'
import type { ScoredRun } from '../../scripts/bench-attribution/scored-run.ts'
import { metDefects, standingOf } from '../../scripts/bench-attribution/standing.ts'
import { openStore, type Store } from '../../scripts/bench-attribution/store.ts'
import { judgedUnderOtherNames, judgedUnderOwnNames } from './other-names.ts'

const root = path.resolve(import.meta.dirname, '../..')
const seed = 20261125
const cells = 24

let store: Store
let labels: readonly Label[]
let runs: readonly ScoredRun[]

beforeAll(async () => {
  store = await openStore(await mkdtemp('/tmp/faultline-attribution-'))
  const plan = planRuns(stratifiedSample(writtenCells(), cells, seed), seed, 1)
  const { signal } = new AbortController()
  labels = await runAll(plan, {
    ...{ root, store, seed, signal, parallel: 2, limitMs: 120_000 },
    onRun: () => undefined,
  })
  runs = await judgeStored(labels, store)
}, 900_000)

afterAll(() => rm(store.folder, { recursive: true, force: true }))

describe(`a sample of ${cells} labelled runs`, () => {
  test('gives a journal to judge for every cell', () => {
    expect(labels).toHaveLength(cells)
    expect(labels.filter(({ problem }) => problem !== undefined)).toEqual([])
  })

  test('is bitten by most of what is wrong in it', () => {
    const wrong = runs.filter(({ label }) => label.bite === 'expected')
    const bitten = wrong.filter((run) => standingOf(run, metDefects(runs)) === 'bitten')
    expect(bitten.length).toBeGreaterThan(wrong.length / 2)
  })

  test('exonerates no defect, at no tier', () => {
    const excused = runs.flatMap((run) =>
      tiers.filter((tier) => isFalseExoneration(run, tier)).map((tier) => `${tier} ${run.label.cell}`),
    )
    expect(excused).toEqual([])
  })

  test('is judged the same under other names of faults, defects and mistakes', async () => {
    for (const { label } of runs) {
      const records = await store.journal(label.id)
      expect(judgedUnderOtherNames(records), label.cell).toEqual(judgedUnderOwnNames(records))
    }
  })
})
