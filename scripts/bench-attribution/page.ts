import { availableParallelism, cpus } from 'node:os'
import { judgeRecords } from '#session'
import { syntheticRun } from '../../suites/report/synthetic-run.ts'
import { median } from '../bench-proxy/statistics.ts'
import type { Label } from './label.ts'
import { tiers } from './outcome.ts'
import { isFalseExoneration, type Score, type TierScore } from './score.ts'
import type { ScoredRun } from './scored-run.ts'
import { metDefects, standingOf } from './standing.ts'

export interface PageInput {
  readonly score: Score
  readonly runs: readonly ScoredRun[]
  readonly labels: readonly Label[]
  readonly folder: string
  /** Judging a journal of 10,000 tests, in ms. */
  readonly largeJournalMs: number
}

/** How long it takes to judge 10,000 tests, in ms. */
export function measureLargeJournal(): number {
  const records = syntheticRun({ tests: 10_000 })
  const begun = performance.now()
  judgeRecords(records)
  return performance.now() - begun
}

/** docs/attribution.md. */
export function attributionPage(input: PageInput): string {
  const { score, labels } = input
  const mutants = new Set(labels.filter(({ family }) => family === 'mutant').map(({ defect }) => defect)).size
  const load = median(labels.map((label) => label.load))
  return `# How far verdicts can be trusted

Written by \`npm run bench:attribution\`; don't edit. ${new Date().toISOString().slice(0, 10)}, seed ${score.seed}, on
${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? 'an unknown processor'}.

${score.runs} real gates over ${score.cells} cells were judged, each from its stored journal at four tiers, without the records
of what was injected. ${score.defects} distinct defects were met by a test${mutants > 0 ? `; ${mutants} mutants were tried` : ''}. ${score.problems} further runs gave no
journal to judge. Half of the runs began with more than ${load.toFixed(1)} processes for each core. A cell says what is true of it, and from which tier on that can be told, before it is run. What is stored isn't run again: where a bench
is resumed, some of the journals are of an earlier version, and all are judged by this one. A changed backend draws other mutants, and those that were
tried before stay.

| what became of what is wrong | runs |
|---|---|
${Object.entries(score.standing)
  .map(([name, count]) => `| ${standings[name]} | ${count} |`)
  .join('\n')}

## The bars

Test split (two thirds, drawn by defect), T2, unless it says otherwise. Undecided counts as missed.

| figure | bar | measured | met |
|---|---|---|---|
${bars(input).map(barRow).join('\n')}

Upper 95 % bound of the share of false exonerations: ${percent(score.decisions.upper95ByRun)} by run, ${percent(score.decisions.upper95ByDefect)} by
distinct defect. Added to a passing test: p95 ${ms(score.p95PassingMs)}.

## By tier

| figure | ${tiers.join(' | ')} |
|---|---|---|---|---|
${rowsByTier(score)}

## Confusion, T2

| truth | application | infrastructure | test | undecided | nothing |
|---|---|---|---|---|---|
${Object.entries(score.confusion)
  .map(
    ([truth, row]) =>
      `| ${truth} | ${row.application} | ${row.infrastructure} | ${row.test} | ${row.inconclusive} | ${row.none} |`,
  )
  .join('\n')}

## What no cell covers

Names that lead to an address where nobody is any more. A server that cuts an
answer into odd pieces (\`slicer\`) has no name in the grammar of faults.

## What was declared anew

Cells are declared before they are run. One declaration was found wrong by its first runs, on 2026-11-30: a defect that shows only while the model is away,
beside another fault that heals. The rerun was to tell the two apart, and comes when the model is back. These cells are undecidable since, and were run again
with the guard that they asked for (G8); to excuse them would count as before. Two tests of the bench asked for the model's own words and said that they can do without the model:
they say since that they need it.

One weight was lowered after two mutants of the test split had been judged: a \`TypeError\` of a test that the application had answered (an answer without a
field) was called the test's own with 0.95. Its class stays, and counts as wrong; that errors of high confidence are few is no independent finding since.

The rule \`ended-together\` was written for four runs of the calibration split: a mutant that ends the application and a service of ours at once. Runs of two mutants of
the test split failed alike and are right since; they are no independent proof of it. Six cells that it could be wrong in were declared with it.

## What was missed, T2

Runs of decidable cells that were called something else, and every false exoneration at any tier. A journal is
\`${input.folder}/journals/ID.ndjson\`; \`faultline judge\` and \`faultline explain\` read it.

${missed(input)}
`
}

const standings: Readonly<Record<string, string>> = {
  bitten: 'something failed that the label explains',
  sound: 'nothing is wrong that a test could meet',
  borne: 'a fault that the application bore: nothing failed',
  unbitten: 'nothing failed, and something should have: not counted',
  unmet: 'a defect that no test meets: not counted',
}

interface Bar {
  readonly figure: string
  readonly bar: string
  readonly measured: string
  readonly met: boolean | null
}

function bars({ score, largeJournalMs }: PageInput): Bar[] {
  const interval = score.infraF1Interval
  const within = (value: number | null, fits: (value: number) => boolean) =>
    value === null ? null : fits(value)
  const bar = (figure: string, limit: string, measured: string, met: boolean | null) => ({
    ...{ figure, bar: limit, measured, met },
  })
  return [
    bar(
      'false exonerations, both splits, any tier',
      '0',
      String(score.decisions.falseExonerations),
      score.decisions.falseExonerations === 0,
    ),
    bar(
      'infrastructure against change, F1',
      '≥ 0.97',
      `${number(score.infraF1)}${interval ? ` (${number(interval[0])}–${number(interval[1])})` : ''}`,
      within(score.infraF1, (value) => value >= 0.97),
    ),
    bar(
      'infrastructure blamed on the change',
      '≤ 1 %',
      percent(score.blamed),
      within(score.blamed, (v) => v <= 0.01),
    ),
    bar(
      'application against test',
      '≥ 0.90',
      number(score.applicationAgainstTest),
      within(score.applicationAgainstTest, (value) => value >= 0.9),
    ),
    bar(
      'right subject',
      '≥ 95 %',
      percent(score.subjectAccuracy),
      within(score.subjectAccuracy, (v) => v >= 0.95),
    ),
    bar(
      'undecided, decidable cells',
      '≤ 5 %',
      percent(score.undecided),
      within(score.undecided, (v) => v <= 0.05),
    ),
    bar(
      'infrastructure verdicts on undecidable defects',
      '0',
      String(score.decidedUndecidable),
      score.decidedUndecidable === 0,
    ),
    bar(
      'errors among verdicts of confidence ≥ 0.95',
      '≤ 1 %',
      percent(score.highConfidenceErrors),
      within(score.highConfidenceErrors, (value) => value <= 0.01),
    ),
    bar(
      'added time per failure, p95',
      '≤ 2.5 s',
      ms(score.p95VerdictMs),
      within(score.p95VerdictMs, (v) => v <= 2500),
    ),
    bar('judging 10,000 tests', '≤ 3 s', ms(largeJournalMs), largeJournalMs <= 3000),
  ]
}

function barRow({ figure, bar, measured, met }: Bar): string {
  return `| ${figure} | ${bar} | ${measured} | ${met === null ? 'not measured' : met ? 'yes' : '**no**'} |`
}

function rowsByTier(score: Score): string {
  const row = (figure: string, value: (at: TierScore) => string) =>
    `| ${figure} | ${tiers.map((tier) => value(score.tiers[tier])).join(' | ')} |`
  return [
    row('false exonerations, both splits', (at) => String(at.falseExonerations)),
    row('infrastructure, F1', (at) => number(at.infraF1)),
    row('macro F1', (at) => number(at.macroF1)),
    row('blamed on the change, decidable', (at) => percent(at.blamed)),
    row('blamed on the change, undecidable', (at) => percent(at.blamedUndecidable)),
    row('undecided, decidable', (at) => percent(at.undecided)),
    row('right subject', (at) => percent(at.subjectAccuracy)),
    row('sound runs that did not pass', (at) => String(at.falseAlarms)),
  ].join('\n')
}

function missed({ runs }: PageInput): string {
  const met = metDefects(runs)
  const rows = runs
    .filter((run) => {
      const standing = standingOf(run, met)
      if (standing === 'unmet' || standing === 'unbitten') return false
      const { truth, decidable } = run.label
      const { called } = run.outcomes.T2
      if (tiers.some((tier) => isFalseExoneration(run, tier)) && standing === 'bitten') return true
      return standing !== 'borne' && decidable.T2 && called !== truth.class
    })
    .map((run) => {
      const { label, outcomes } = run
      const excused = tiers.filter((tier) => isFalseExoneration(run, tier))
      const said = [
        ...new Set(outcomes.T2.incidents.map((one) => `${one.class} ${one.subject} (${one.reason})`)),
      ]
      const mark = excused.length > 0 ? ` **false exoneration at ${excused.join()}**` : ''
      return `| ${label.split} | ${inCell(label.cell)} | ${label.truth.class} | ${outcomes.T2.called}: ${inCell(said.join('; '))}${mark} | ${label.id} |`
    })
  if (rows.length === 0) return 'None.'
  return ['| split | cell | truth | said | journal |', '|---|---|---|---|---|', ...rows].join('\n')
}

const inCell = (text: string) => text.replaceAll('|', '\\|')
const number = (value: number | null) => (value === null ? '–' : value.toFixed(3))
const percent = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(1)} %`)
const ms = (value: number | null) => (value === null ? '–' : `${Math.round(value)} ms`)
