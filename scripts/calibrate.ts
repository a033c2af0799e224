/**
 * Moves the weights of the rules towards what labelled runs show, and checks the rules on them:
 * `npm run calibrate [-- --journals DIR] [--write]`. Reads the calibration split only. Without `--write` it only says what it found.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { projectEvidence, type Tier } from '#evidence'
import { examine, examineExamples } from '#verdict'
import type { Label } from './bench-attribution/label.ts'
import { openStore } from './bench-attribution/store.ts'
import { calibrationError, fitWeights, reliability } from './calibrate/fit.ts'
import { reliabilityPlot } from './calibrate/plot.ts'
import { isPlain, type Sample, samplesOf } from './calibrate/samples.ts'
import { reference, weightsFile } from './calibrate/written.ts'

const root = path.resolve(import.meta.dirname, '..')
const tiers: readonly Tier[] = ['T2', 'T3']
const { values } = parseArgs({
  options: {
    journals: { type: 'string', default: path.join(root, '.faultline/bench/attribution') },
    write: { type: 'boolean', default: false },
  },
})

const store = await openStore(path.resolve(values.journals))
const labels = (await store.labels()).filter((label) => label.split === 'calibration' && isPlain(label))
const samples: Sample[] = []
const telling: Label[] = []
for (const label of labels) {
  const said = await samplesIn(label)
  if (said.length > 0) telling.push(label)
  samples.push(...said)
}

if (samples.length === 0) {
  console.error(`no labelled run of the calibration split says anything in ${store.folder}`)
  process.exitCode = 1
} else {
  const declared = examineExamples({}).flatMap(({ proposals }) => proposals.map(({ weight }) => weight))
  const fitted = fitWeights(samples, declared)
  const bins = reliability(samples)
  const summary = {
    date: new Date().toISOString().slice(0, 10),
    seeds: [...new Set(telling.map(({ seed }) => seed))],
    runs: telling.length,
    error: calibrationError(bins),
  }
  console.table(fitted)
  console.log(
    `${summary.runs} runs; mean distance of confidence from what was right: ${summary.error.toFixed(3)}`,
  )
  if (values.write) {
    await writeFile(path.join(root, 'framework/verdict/weights.ts'), weightsFile(fitted, summary))
    await writeFile(
      path.join(root, 'docs/images/reliability.svg'),
      reliabilityPlot(bins, 'Reliability of verdicts on the calibration split'),
    )
    await writeFile(path.join(root, 'docs/reference/calibration.md'), reference(fitted, bins, summary))
  }
}

async function samplesIn(label: Label): Promise<Sample[]> {
  const records = await store.journal(label.id).catch(() => [])
  if (!records.some(({ kind }) => kind === 'run-started')) return []
  // By the weights as they are declared, or a second calibration would undo the first. Also where a cell can't be decided: whoever
  // reads a confidence doesn't know that it can't.
  return tiers.flatMap((tier) => samplesOf(examine(projectEvidence(records, { tier }), {}), label.truth))
}
