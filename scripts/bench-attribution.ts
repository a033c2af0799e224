/**
 * Says how far verdicts can be trusted: labelled real runs on the embedded environment, each judged from its journal at four tiers.
 * `--sample N` cells instead of all, `--seed S`, `--json F`, `--parallel N`, `--repetitions N`, `--mutants N` that some test meets,
 * `--folder F` where runs are kept (a run that is there isn't run again), `--judge-only`. Writes docs/attribution.md.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { defaultFolder, judgeStored, runAll, runMutants } from './bench-attribution/bench.ts'
import { writtenCells } from './bench-attribution/cells/index.ts'
import { mutateBackend } from './bench-attribution/mutants.ts'
import { attributionPage, measureLargeJournal } from './bench-attribution/page.ts'
import { planRuns, stratifiedSample } from './bench-attribution/plan.ts'
import { score } from './bench-attribution/score.ts'
import { openStore } from './bench-attribution/store.ts'

const { values } = parseArgs({
  options: {
    sample: { type: 'string' },
    seed: { type: 'string', default: '20261125' },
    json: { type: 'string' },
    parallel: { type: 'string', default: '2' },
    repetitions: { type: 'string', default: '1' },
    mutants: { type: 'string' },
    folder: { type: 'string', default: defaultFolder },
    limit: { type: 'string', default: '120' },
    'judge-only': { type: 'boolean', default: false },
    page: { type: 'string' },
  },
})
const root = path.resolve(import.meta.dirname, '..')
const seed = Number(values.seed)
const store = await openStore(path.resolve(values.folder))
const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
let done = 0
const options = {
  ...{ root, store, seed, signal: interrupted.signal },
  parallel: Number(values.parallel),
  limitMs: Number(values.limit) * 1000,
  onRun(label: { cell: string; exitCode: number | null; problem?: string }, wasStored: boolean) {
    done += 1
    if (!wasStored) console.error(`${done}  ${label.problem ?? `exit ${label.exitCode}`}  ${label.cell}`)
  },
}

async function run() {
  const cells = writtenCells()
  const chosen = values.sample ? stratifiedSample(cells, Number(values.sample), seed) : cells
  const labels = await runAll(planRuns(chosen, seed, Number(values.repetitions)), options)
  const wanted = Number(values.mutants ?? (values.sample ? 0 : 60))
  if (wanted === 0) return labels
  const mutated = await mutateBackend(
    path.join(root, 'fixtures/backend'),
    path.join(store.folder, 'mutants/backend'),
  )
  return [...labels, ...(await runMutants(mutated, wanted, options))]
}

const stored = async () => (await store.labels()).filter((label) => label.seed === seed)
const labels = values['judge-only'] ? await stored() : await run()
const judged = await judgeStored(labels, store)
const result = score(judged, seed, labels.length - judged.length)
if (values.json) await writeFile(values.json, `${JSON.stringify(result, null, 2)}\n`)
const page = attributionPage({
  score: result,
  runs: judged,
  labels,
  folder: values.folder,
  largeJournalMs: measureLargeJournal(),
})
const pageFile = values.page ?? (values.sample ? undefined : path.join(root, 'docs/attribution.md'))
if (pageFile) await writeFile(pageFile, page)
process.stdout.write(page)
process.exitCode = result.decisions.falseExonerations > 0 ? 1 : 0
