import { monitorEventLoopDelay } from 'node:perf_hooks'
import { now } from '#core'
import type { Talker } from './journeys.ts'
import type { Trial } from './plan.ts'
import { readBack } from './read-back.ts'
import { type Cell, countsOf, type Result, resultOf } from './score.ts'
import { type ArmName, openStage } from './stage.ts'
import { runTrial, type TrialFound, type TrialOptions } from './trial.ts'

/** A machine on which this process stands still for so long shows its own slowness, not the application's: see {@link measure}. */
const mostLagMs = 250
/** The last one counts, however it went: a slow application can't be excused for ever. */
const mostAttempts = 3

export interface MeasureOptions extends Omit<TrialOptions, 'attempt'> {
  readonly variables: NodeJS.ProcessEnv
  /** Is told in a line what each trial came to. */
  readonly onTrial: (line: string) => void
}

export interface Measured {
  readonly result: Result
  /** Trials on the application as it is that hurt nobody, so that they don't count. */
  readonly idle: readonly Pick<Trial, 'profile' | 'hurt'>[]
  /** Trials that were made again, as the machine stood still. Their messages are read back too. */
  readonly repeated: number
  readonly tookMs: number
}

/**
 * Runs the trials one after the other, each on both applications at the same time: what else the machine does hits both. One during
 * which this process itself stood still is made again, whatever came of it.
 */
export async function measure(trials: readonly Trial[], options: MeasureOptions): Promise<Measured> {
  const begun = now()
  await using stage = await openStage(options.variables, options.signal)
  const found: Record<ArmName, TrialFound[]> = { on: [], off: [] }
  const talkers: Record<ArmName, Talker[]> = { on: [], off: [] }
  let repeated = 0
  for (const [index, trial] of trials.entries()) {
    for (let attempt = 1; ; attempt++) {
      using lag = watchLag()
      const ended = await Promise.all(
        stage.arms.map((arm) => runTrial(arm, trial, { ...options, seed: options.seed + index, attempt })),
      )
      stage.arms.forEach(({ name }, arm) => {
        talkers[name].push(...ended[arm]!.talkers)
      })
      const lagMs = lag.longestMs()
      const isSound = lagMs < mostLagMs || attempt === mostAttempts
      const lines = stage.arms.map(({ name }, arm) => `${name} ${brief(ended[arm]!)}`)
      const again = isSound ? '' : `  |  again, as this process stood still for ${Math.round(lagMs)} ms`
      const { profile, hurt } = trial
      options.onTrial(`${index + 1}/${trials.length}  ${profile}@app/${hurt}  ${lines.join('  |  ')}${again}`)
      if (!isSound) {
        repeated++
        continue
      }
      stage.arms.forEach(({ name }, arm) => {
        found[name].push(ended[arm]!)
      })
      break
    }
  }
  const result = resultOf({
    on: { cells: cellsOf(found.on), kept: await readBack(stage.databaseUrl, talkers.on) },
    off: { cells: cellsOf(found.off), kept: await readBack(stage.databaseUrl, talkers.off) },
  })
  const idle = found.on.filter(({ hasBitten }) => !hasBitten).map(({ cell }) => cell)
  return { result, idle, repeated, tookMs: now() - begun }
}

function cellsOf(found: readonly TrialFound[]): Cell[] {
  return found.filter(({ hasBitten }) => hasBitten).map(({ cell }) => cell)
}

/** How long this process stands still at most, from now on. */
function watchLag(): Disposable & { longestMs(): number } {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return { longestMs: () => delay.max / 1e6, [Symbol.dispose]: () => void delay.disable() }
}

function brief({ cell, hasBitten }: TrialFound): string {
  if (!hasBitten) return 'it did not bite'
  return Object.entries(countsOf([cell]))
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(' ')
}
