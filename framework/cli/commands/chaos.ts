import { randomInt } from 'node:crypto'
import { globSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { type ExitCode, exitCode, FaultlineError, messageOf } from '#core'
import { type Experiment, isExperiment } from '#experiment'
import type { RunFolder } from '#journal'
import {
  chaosReport,
  chaosRunOf,
  createStyle,
  renderChaosHtml,
  renderExperiment,
  renderExperiments,
} from '#report'
import { type ExperimentResult, openSettings, readRun, runChaos } from '#session'
import { readVariables } from '#settings'
import { chaosPrinter } from '../chaos-printer.ts'
import type { CommandContext } from '../context.ts'
import { Interrupted } from '../interrupt.ts'
import { reportError } from '../report-error.ts'
import { withVitest } from '../vitest-package.ts'

export interface ChaosOptions {
  readonly config?: string
  readonly env?: string
  /** Faults in place of the experiments' own, all of them at once. */
  readonly profile?: readonly string[]
  readonly seed?: string
  readonly json?: string
  readonly html?: string
  readonly globs: readonly string[]
}

const defaultGlobs = ['suites/chaos/*.chaos.ts']
const largestSeed = 2 ** 32

interface LoadedExperiment {
  readonly file: string
  readonly experiment: Experiment
}

/** `faultline chaos`: runs experiments, and says of each promise whether it held. */
export async function chaos(context: CommandContext, options: ChaosOptions): Promise<ExitCode> {
  const variables = readVariables()
  const settings = await openSettings(context.cwd, options, variables)
  const seed = readSeed(options.seed)
  const loaded = await loadExperiments(settings.root, options.globs.length > 0 ? options.globs : defaultGlobs)
  const isTerminal = process.stdout.isTTY === true && !variables.ci
  const style = createStyle(!variables.noColor && isTerminal)
  const printer = chaosPrinter({
    style,
    write: (text) => process.stdout.write(text),
    columns: isTerminal ? () => process.stdout.columns || 80 : undefined,
  })
  const { chaosClients } = await withVitest(() => import('#vitest'))
  const replayOf = (result: ExperimentResult) => {
    const file = loaded.find(({ experiment }) => experiment.name === result.name)?.file ?? ''
    return replayLine({ ...options, file, seed })
  }
  context.out(`${loaded.length} ${loaded.length === 1 ? 'experiment' : 'experiments'}, seed ${seed}`)
  const { run, results, cutShortBy } = await runChaos({
    settings,
    variables,
    experiments: loaded.map(({ experiment }) => experiment),
    profiles: options.profile ?? [],
    seed,
    clientsOf: chaosClients,
    onProgress: (progress) => printer.progress(progress),
    onResult: (result) => printer.result(renderExperiment(result, replayOf(result), style)),
    signal: context.signal,
  })
  if (options.json !== undefined)
    await writeFile(
      path.resolve(context.cwd, options.json),
      `${JSON.stringify(chaosReport(results), null, 2)}\n`,
    )
  if (options.html !== undefined) await writePage(path.resolve(context.cwd, options.html), settings.root, run)
  if (results.length > 1) context.out(`\n${renderExperiments(results, style)}`)
  context.out(style.dim(`record: ${path.relative(context.cwd, run.journal)}`))
  return cutShortBy === undefined ? exitCodeOf(results) : exitOf(cutShortBy, context)
}

/** The page of the run, from its journal. Where not even an experiment began there is nothing to tell. */
async function writePage(file: string, root: string, run: RunFolder): Promise<void> {
  const { records } = await readRun(root, run.journal)
  const chaosRun = chaosRunOf(records)
  if (chaosRun) await writeFile(file, renderChaosHtml(chaosRun, run.id))
}

function exitOf(reason: unknown, context: CommandContext): ExitCode {
  context.err(`${messageOf(reason)}: what is above is the part that was done`)
  return reason instanceof Interrupted ? reason.exit : reportError(reason, context)
}

function exitCodeOf(results: readonly ExperimentResult[]): ExitCode {
  const has = (outcome: ExperimentResult['outcome']) => results.some((result) => result.outcome === outcome)
  if (has('aborted')) return exitCode.interrupted
  if (has('broken')) return exitCode.block
  return has('inconclusive') ? exitCode.undecided : exitCode.pass
}

function readSeed(text: string | undefined): number {
  if (text === undefined) return randomInt(largestSeed)
  const seed = Number(text)
  if (Number.isInteger(seed) && seed >= 0 && seed < largestSeed) return seed
  throw new FaultlineError('FL1004', `--seed ${text}: a seed is a whole number from 0 to ${largestSeed - 1}`)
}

/** Every experiment that the files export, by default or by name. Throws FL1004 when there is none. */
async function loadExperiments(root: string, globs: readonly string[]): Promise<LoadedExperiment[]> {
  const files = globSync([...globs], { cwd: root })
  const loaded: LoadedExperiment[] = []
  for (const file of files.toSorted()) {
    const exports = await importFile(path.resolve(root, file))
    const found = [...new Set(Object.values(exports))].filter(isExperiment)
    if (found.length === 0)
      throw new FaultlineError('FL1004', `${file} exports no experiment`, {
        remedy: 'export what defineExperiment({ … }) gives',
      })
    loaded.push(...found.map((experiment) => ({ file, experiment })))
  }
  if (loaded.length > 0) return loaded
  throw new FaultlineError('FL1004', `no experiments in ${globs.join(', ')}`, {
    remedy: 'name files that export defineExperiment({ … })',
  })
}

async function importFile(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>
  } catch (error) {
    throw new FaultlineError('FL1004', `${file} could not be loaded: ${messageOf(error)}`, { cause: error })
  }
}

function replayLine({
  file,
  env,
  profile,
  config,
  seed,
}: Omit<ChaosOptions, 'globs' | 'seed'> & { file: string; seed: number }): string {
  const flags = Object.entries({ config, env, profile }).flatMap(([name, value = []]) =>
    [value].flat().map((one) => `--${name} ${one}`),
  )
  return ['faultline chaos', file, ...flags, `--seed ${seed}`].join(' ')
}
