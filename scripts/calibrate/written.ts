import type { Bin, Fitted } from './fit.ts'

/** Where a calibration comes from. */
export interface Calibration {
  readonly date: string
  readonly seeds: readonly number[]
  readonly runs: number
  readonly error: number
}

/** `framework/verdict/weights.ts`. */
export function weightsFile(fitted: readonly Fitted[], { date, seeds, runs }: Calibration): string {
  const moved = fitted.filter(({ shift }) => shift !== 0)
  return [
    `// Written by \`npm run calibrate\` on ${date}, from ${runs} labelled runs (seed ${seeds.join(', ')}); don't edit.`,
    '',
    "/** By how much each rule's weight is moved, by `rule/reason`. */",
    'export type Shifts = Readonly<Record<string, number>>',
    '',
    `export const shifts: Shifts = {${moved.length > 0 ? '\n' : ''}${moved
      .map(({ key, shift }) => `  '${key}': ${shift},\n`)
      .join('')}}`,
    '',
  ].join('\n')
}

/** `docs/reference/calibration.md`. */
export function reference(
  fitted: readonly Fitted[],
  bins: readonly Bin[],
  { date, seeds, runs, error }: Calibration,
): string {
  const share = (value: number) => value.toFixed(2)
  return [
    '# Calibration',
    '',
    `Written by \`npm run calibrate\` on ${date}; don't edit. ${runs} labelled runs of the calibration split (seed ${seeds.join(', ')}),`,
    'each judged with the keys of T2 and of T3, decidable or not. Runs in which a defect and a fault stand together are left',
    'out: each of their failures has a truth of its own. Guards are not calibrated; they hold whatever the weights are.',
    '',
    '## How far a confidence is to be believed',
    '',
    'A dot stands for the verdicts of about one confidence, as measured with the weights before they were moved. On the dashed line',
    `confidence is the share that was right; the mean distance from it is ${error.toFixed(3)}.`,
    '',
    '![Confidence against the share of verdicts that was right](../images/reliability.svg)',
    '',
    '| confidence | runs | mean confidence | right |',
    '|---|---|---|---|',
    ...bins.map(
      (bin) =>
        `| ${share(bin.from)}–${share(bin.to)} | ${bin.runs} | ${share(bin.confidence)} | ${share(bin.right)} |`,
    ),
    '',
    '## Weights',
    '',
    'A rule declares a weight; it is moved towards the share that was right, by at most 0.1, and as if the declaration were 20 runs: up no',
    'further than what may be said of that share with 95 % certainty, and not past the next weight that a rule declares. A rule for',
    'infrastructure is never made stronger.',
    '',
    '| rule/reason | runs | declared | right | moved by |',
    '|---|---|---|---|---|',
    ...fitted.map(
      (each) =>
        `| \`${each.key}\` | ${each.runs} | ${share(each.declared)} | ${share(each.right)} | ${each.shift} |`,
    ),
    '',
  ].join('\n')
}
