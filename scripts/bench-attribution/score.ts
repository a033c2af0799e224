import type { Tier } from '#evidence'
import { bootstrap, upperBound } from './intervals.ts'
import type { TrueClass } from './label.ts'
import { type Called, type Outcome, tiers } from './outcome.ts'
import type { ScoredRun } from './scored-run.ts'
import { metDefects, standingOf } from './standing.ts'

export type Interval = readonly [number, number] | null
export type Confusion = Readonly<Record<TrueClass, Readonly<Record<Called, number>>>>

/** The figures at one tier. Shares are 0–1, and null where nothing counts towards them. */
export interface TierScore {
  readonly runs: number
  readonly falseExonerations: number
  readonly infraF1: number | null
  readonly infraF1Interval: Interval
  readonly macroF1: number | null
  /** Infrastructure that was blamed on the application or a test: on decidable cells, and on the others. */
  readonly blamed: number | null
  readonly blamedUndecidable: number | null
  readonly applicationAgainstTest: number | null
  readonly subjectAccuracy: number | null
  /** Undecided runs of decidable cells. */
  readonly undecided: number | null
  /** Infrastructure verdicts on undecidable cells whose truth is another. */
  readonly decidedUndecidable: number
  /** Errors among verdicts with a confidence of 0.95 or more. */
  readonly highConfidenceErrors: number | null
  /** Sound runs that didn't pass. */
  readonly falseAlarms: number
  readonly confusion: Confusion
}

export interface Score extends TierScore {
  readonly seed: number
  readonly runs: number
  readonly cells: number
  readonly defects: number
  /** Over all tiers and both splits: a run counts once. */
  readonly decisions: {
    readonly falseExonerations: number
    readonly upper95ByRun: number
    readonly upper95ByDefect: number
  }
  readonly standing: Readonly<Record<string, number>>
  readonly problems: number
  readonly p95VerdictMs: number | null
  readonly p95PassingMs: number | null
  readonly tiers: Readonly<Record<Tier, TierScore>>
}

/** All figures of a set of judged runs. Pure; the seed is for drawing intervals. */
export function score(runs: readonly ScoredRun[], seed: number, problems = 0): Score {
  const met = metDefects(runs)
  const standing = Map.groupBy(runs, (run) => standingOf(run, met))
  const bitten = standing.get('bitten') ?? []
  const sound = standing.get('sound') ?? []
  const isTest = ({ label }: ScoredRun) => label.split === 'test'
  const counted = [...bitten, ...sound].filter(isTest)
  const defective = bitten.filter(({ label }) => label.truth.defect)
  const excused = defective.filter((run) => tiers.some((tier) => isFalseExoneration(run, tier)))
  const defects = new Set(defective.map(({ label }) => label.defect))
  const excusedDefects = new Set(excused.map(({ label }) => label.defect))
  const byTier = Object.fromEntries(
    tiers.map((tier) => [tier, scoreAt(tier, counted, defective, seed)]),
  ) as Record<Tier, TierScore>
  return {
    ...byTier.T2,
    seed,
    runs: runs.length,
    cells: new Set(runs.map(({ label }) => label.cell)).size,
    defects: defects.size,
    decisions: {
      falseExonerations: excused.length,
      upper95ByRun: upperBound(excused.length, defective.length),
      upper95ByDefect: upperBound(excusedDefects.size, defects.size),
    },
    standing: Object.fromEntries([...standing].map(([name, group]) => [name, group.length])),
    problems,
    p95VerdictMs: p95(bitten.flatMap(({ addedMs }) => addedMs.failed)),
    p95PassingMs: p95(runs.flatMap(({ addedMs }) => addedMs.passed)),
    tiers: byTier,
  }
}

/** A decision to pass or to hold while a defect stood and something failed. */
export function isFalseExoneration({ label, outcomes, failed }: ScoredRun, tier: Tier): boolean {
  const { exitCode } = outcomes[tier]
  return label.truth.defect && failed && (exitCode === 0 || exitCode === 75)
}

function scoreAt(
  tier: Tier,
  counted: readonly ScoredRun[],
  defective: readonly ScoredRun[],
  seed: number,
): TierScore {
  const calledOf = (run: ScoredRun) => run.outcomes[tier].called
  const wrong = counted.filter(({ label }) => label.truth.class !== 'none')
  const decidable = wrong.filter(({ label }) => label.decidable[tier])
  const infrastructure = wrong.filter(({ label }) => label.truth.class === 'infrastructure')
  const right = infrastructure.filter((run) => calledOf(run) === 'infrastructure')
  const pairs = (items: readonly ScoredRun[]) =>
    items.map((run) => ({ truth: run.label.truth.class, called: calledOf(run) }))
  const infraF1 = (items: readonly ScoredRun[]) => f1('infrastructure', pairs(items))
  const cells = [...Map.groupBy(decidable, ({ label }) => label.cell).values()]
  const isBlamed = (run: ScoredRun) => ['application', 'test'].includes(calledOf(run))
  const change = decidable.filter(({ label }) => label.truth.defect)
  const sure = wrong.flatMap((run) =>
    run.outcomes[tier].incidents
      .filter((one) => one.confidence >= 0.95 && one.class !== 'inconclusive')
      .map((one) => ({ run, one })),
  )
  return {
    runs: counted.length,
    falseExonerations: defective.filter((run) => isFalseExoneration(run, tier)).length,
    infraF1: infraF1(decidable),
    infraF1Interval: bootstrap(cells, infraF1, { seed }),
    macroF1: mean(
      (['application', 'infrastructure', 'test'] as const).map((name) => f1(name, pairs(decidable))),
    ),
    blamed: share(
      infrastructure.filter(({ label }) => label.decidable[tier]),
      isBlamed,
    ),
    blamedUndecidable: share(
      infrastructure.filter(({ label }) => !label.decidable[tier]),
      isBlamed,
    ),
    applicationAgainstTest: share(
      change.filter((run) => isBlamed(run)),
      (run) => calledOf(run) === run.label.truth.class,
    ),
    subjectAccuracy: share(right, (run) => isRightSubject(run, tier)),
    undecided: share(decidable, (run) => calledOf(run) === 'inconclusive'),
    decidedUndecidable: wrong.filter(
      (run) =>
        !run.label.decidable[tier] &&
        run.label.truth.class !== 'infrastructure' &&
        calledOf(run) === 'infrastructure',
    ).length,
    highConfidenceErrors: share(sure, ({ run, one }) => !isAllowed(run, one.class)),
    falseAlarms: counted.filter(
      (run) => run.label.truth.class === 'none' && run.outcomes[tier].exitCode !== 0,
    ).length,
    confusion: confusionOf(pairs(counted)),
  }
}

function isRightSubject({ label, outcomes }: ScoredRun, tier: Tier): boolean {
  const { subjects, scope } = label.truth
  return outcomes[tier].incidents
    .filter((one) => one.class === 'infrastructure')
    .every((one) => one.scope === scope && subjects.includes(one.subject))
}

/** What is wrong in the run; beside a defect, the fault that was put on too. */
function isAllowed({ label }: ScoredRun, called: Outcome['incidents'][number]['class']): boolean {
  return called === label.truth.class || (called === 'infrastructure' && label.faults.length > 0)
}

interface Pair {
  readonly truth: TrueClass
  readonly called: Called
}

/** Of one class against all others; what is undecided counts as missed. Null where there is none of it. */
export function f1(name: TrueClass & Called, pairs: readonly Pair[]): number | null {
  const hits = pairs.filter(({ truth, called }) => truth === name && called === name).length
  const misses = pairs.filter(({ truth, called }) => truth === name && called !== name).length
  const alarms = pairs.filter(({ truth, called }) => truth !== name && called === name).length
  return hits + misses === 0 ? null : (2 * hits) / (2 * hits + misses + alarms)
}

function confusionOf(pairs: readonly Pair[]): Confusion {
  const truths: readonly TrueClass[] = ['application', 'infrastructure', 'test', 'none']
  const calls: readonly Called[] = ['application', 'infrastructure', 'test', 'inconclusive', 'none']
  const count = (truth: TrueClass, called: Called) =>
    pairs.filter((pair) => pair.truth === truth && pair.called === called).length
  return Object.fromEntries(
    truths.map((truth) => [truth, Object.fromEntries(calls.map((called) => [called, count(truth, called)]))]),
  ) as unknown as Confusion
}

function share<Item>(items: readonly Item[], fits: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter((item) => fits(item)).length / items.length
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length
}

function p95(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? null
}
