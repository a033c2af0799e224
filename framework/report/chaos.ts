import type { CheckOutcome, ExperimentFrame, ExperimentOutcome, ExperimentResult, Step } from '#experiment'
import type { Style } from './style.ts'

/** A chaos run, as `--json` writes it; `schema/chaos.json` describes it. */
export interface ChaosReport {
  readonly schema: 'faultline.chaos/1'
  readonly experiments: readonly {
    readonly name: string
    readonly outcome: ExperimentOutcome
    /** Why it is aborted or inconclusive. */
    readonly reason?: string
    /** Replays it. */
    readonly seed: number
    readonly expectations: readonly {
      readonly name: string
      readonly outcome: CheckOutcome
      readonly observed: string
      readonly declared: string
      readonly counterExample?: string
    }[]
    /** From the end of the last fault until answers were right again; `null` where that wasn't seen. */
    readonly recoveryMs: number | null
  }[]
}

/** The report of a chaos run. */
export function chaosReport(results: readonly ExperimentResult[]): ChaosReport {
  return {
    schema: 'faultline.chaos/1',
    experiments: results.map(({ name, outcome, reason, seed, expectations, recoveryMs }) => ({
      name,
      outcome,
      ...(reason !== undefined && { reason }),
      seed,
      expectations: expectations.map(({ name, outcome, observed, declared, counterExample }) => ({
        name,
        outcome,
        observed,
        declared,
        ...(counterExample !== undefined && { counterExample }),
      })),
      recoveryMs,
    })),
  }
}

/** One experiment when it is over: the outcome, each promise beside what was seen, and how to replay it. */
export function renderExperiment(result: ExperimentResult, replay: string, style: Style): string {
  const { name, outcome, reason, expectations, injections, rollBack, recoveryMs } = result
  const lines = expectations.map(
    (one) =>
      `  ${mark(one.outcome, style)}  ${one.name}: ${one.observed} ${style.dim(`(declared: ${one.declared})`)}`,
  )
  const counterExamples = expectations.flatMap(({ counterExample }) =>
    counterExample === undefined ? [] : [`    ${style.dim('such as')} ${counterExample}`],
  )
  const faults = injections.map(
    ({ fault, target, window, bit }) =>
      `  ${fault}@${target} ${window}: ${bit === null ? 'effect unknown' : bit ? 'bit' : style.warn('did not bite')}`,
  )
  return [
    `${mark(outcome, style)} ${style.strong(name)}${reason === undefined ? '' : `: ${reason}`}`,
    ...lines,
    ...counterExamples,
    ...faults,
    `  ${rollBack.proven ? 'rolled back' : style.bad('NOT PROVEN rolled back')}: ${rollBack.detail}${recoveryMs === null ? '' : `; right again after ${recoveryMs} ms`}`,
    ...(outcome === 'held' ? [] : [style.dim(`  replay: ${replay}`)]),
  ].join('\n')
}

/** How several experiments went: the count, and again each that didn't hold, with its reason. */
export function renderExperiments(results: readonly ExperimentResult[], style: Style): string {
  const counts = (['held', 'broken', 'inconclusive', 'aborted'] as const).flatMap((outcome) => {
    const count = results.filter((result) => result.outcome === outcome).length
    return count === 0 ? [] : [`${count} ${outcome}`]
  })
  const others = results
    .filter(({ outcome }) => outcome !== 'held')
    .map((result) => `  ${mark(result.outcome, style)} ${style.strong(result.name)}: ${whyNotHeld(result)}`)
  return [`${results.length} experiments: ${counts.join(', ')}`, ...others].join('\n')
}

function whyNotHeld({ reason, expectations }: ExperimentResult): string {
  const broken = expectations.filter(({ outcome }) => outcome === 'broken')
  return reason ?? broken.map(({ name, observed }) => `${name}: ${observed}`).join('; ')
}

function mark(outcome: ExperimentOutcome, style: Style): string {
  const paint = {
    held: style.good,
    broken: style.bad,
    inconclusive: style.warn,
    aborted: style.warn,
  }[outcome]
  return paint(outcome.padEnd(12))
}

/** One line that says how an experiment stands: for logs. */
export function renderFrame(frame: ExperimentFrame, style: Style): string {
  const { name, step } = frame
  const acting = step === 'observe' ? ` ${style.warn(frame.faults.join(' '))}` : ''
  return `${style.strong(name)}: ${step}${timeLeft(frame)}${acting} ${style.dim(`${loadOf(frame)}, ${latencyOf(frame)}`)}`
}

/** The same as a few lines that are drawn again and again: for terminals. */
export function renderFrameLines(frame: ExperimentFrame, style: Style): string[] {
  const { name, step, faults } = frame
  const at = steps.indexOf(step)
  const shown = steps.map((one, index) =>
    index === at ? style.strong(`[${one}]`) : index < at ? style.good(one) : style.dim(one),
  )
  return [
    `${style.strong(name)}${timeLeft(frame)}`,
    `  ${shown.join(' ')}`,
    `  faults   ${step === 'observe' ? style.warn(faults.join(' ')) : style.dim('none on')}`,
    `  load     ${loadOf(frame)}`,
    `  latency  ${latencyOf(frame)}`,
  ]
}

/** The phases; before and after them nothing is marked. */
const steps: readonly Step[] = [
  'baseline',
  'steady state',
  'inject',
  'observe',
  'roll back',
  'recovery',
  'read back',
]

function timeLeft({ at, endsAt }: ExperimentFrame): string {
  return endsAt === undefined ? '' : ` ${Math.max((endsAt - at) / 1000, 0).toFixed(1)} s left`
}

function loadOf({ perSecond, underWay, counts }: ExperimentFrame): string {
  return `${perSecond}/s, ${underWay} under way, ${counts.ok} ok, ${counts.degraded} degraded, ${counts.failed} failed, ${counts.unknown} unknown`
}

function latencyOf({ p50Ms, p99Ms }: ExperimentFrame): string {
  return `p50 ${Math.round(p50Ms)} ms, p99 ${Math.round(p99Ms)} ms`
}
