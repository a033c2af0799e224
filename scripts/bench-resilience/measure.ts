import { now } from '#core'
import type { Trial } from './plan.ts'
import { readBack } from './read-back.ts'
import { type ArmFound, type Cell, type Counts, countsOf, type Result, resultOf } from './score.ts'
import { type Arm, type ArmName, openStage, type Stage } from './stage.ts'
import { runTrial, type TrialFound, type TrialOptions } from './trial.ts'

export interface MeasureOptions extends TrialOptions {
  readonly variables: NodeJS.ProcessEnv
  /** Is told in a line what each trial came to. */
  readonly onTrial: (line: string) => void
}

/** A trial whose figures don't count, and why. */
export interface Discarded {
  readonly profile: string
  readonly hurt: string
  readonly arm: ArmName
  readonly why: string
}

export interface Measured {
  readonly result: Result
  readonly cells: readonly Cell[]
  readonly discarded: readonly Discarded[]
  readonly tookMs: number
}

/** Runs the trials one after the other, each on both applications at the same time: what else the machine does hits both. */
export async function measure(trials: readonly Trial[], options: MeasureOptions): Promise<Measured> {
  const begun = now()
  await using stage = await openStage(options.variables, options.signal)
  const found: Record<ArmName, TrialFound[]> = { on: [], off: [] }
  const discarded: Discarded[] = []
  for (const [index, trial] of trials.entries()) {
    const { profile, hurt } = trial
    const one = async (arm: Arm) => {
      const ended = await runTrial(arm, trial, { ...options, seed: options.seed + index })
      found[arm.name].push(ended)
      if (ended.problem !== undefined) discarded.push({ profile, hurt, arm: arm.name, why: ended.problem })
      return `${arm.name} ${ended.problem ?? brief(countsOf([ended.cell]))}`
    }
    const lines = await Promise.all(stage.arms.map(one))
    options.onTrial(`${index + 1}/${trials.length}  ${profile}@app/${hurt}  ${lines.join('  |  ')}`)
  }
  const result = resultOf({ on: await armOf(found.on, stage), off: await armOf(found.off, stage) })
  return { result, cells: cellsOf(found.on), discarded, tookMs: now() - begun }
}

function cellsOf(found: readonly TrialFound[]): Cell[] {
  return found.filter(({ problem }) => problem === undefined).map(({ cell }) => cell)
}

/** Messages are read back of every trial, also of those whose figures don't count. */
async function armOf(found: readonly TrialFound[], { databaseUrl }: Stage): Promise<ArmFound> {
  const kept = await readBack(
    databaseUrl,
    found.flatMap(({ talkers }) => talkers),
  )
  return { cells: cellsOf(found), kept }
}

function brief(counts: Counts): string {
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(' ')
}
