import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ExitCode } from '#core'
import { topologyOf } from '#environment'
import { parseFault } from '#fault'
import { createStyle, type RunReport, renderGithub, renderJunit, renderSummary } from '#report'
import { type JudgedRun, openSettings, runGate } from '#session'
import { readVariables, type Settings } from '#settings'
import { linksOf } from '#topology'
import type { CommandContext } from '../context.ts'
import { Interrupted } from '../interrupt.ts'
import { type Loudness, progressPrinter } from '../progress.ts'
import { reportError } from '../report-error.ts'
import { withVitest } from '../vitest-package.ts'
import { publishToGithub, renderHtmlOf } from './report.ts'

export interface GateOptions {
  readonly config?: string
  readonly env?: string
  readonly release?: string
  readonly base?: string
  readonly inject?: readonly string[]
  readonly json?: string
  readonly junit?: string
  readonly html?: string
  /** Only the decision and the incidents. */
  readonly quiet?: boolean
  /** Every attempt, every change of health, and when. */
  readonly verbose?: boolean
  readonly globs: readonly string[]
}

/** `faultline gate`: runs, judges, decides, and says where the record is. */
export async function gate(context: CommandContext, options: GateOptions): Promise<ExitCode> {
  const variables = readVariables()
  const settings = await openSettings(context.cwd, options, variables)
  const topology = topologyOf(settings.environment.definition)
  const faults = (options.inject ?? []).map((text) => parseFault(text, topology))
  const isTerminal = process.stdout.isTTY === true && !variables.ci
  const style = createStyle(!variables.noColor && isTerminal)
  const loudness: Loudness = options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'usual'
  const printer = progressPrinter({
    style,
    loudness,
    write: (text) => process.stdout.write(text),
    columns: isTerminal ? () => process.stdout.columns || 80 : undefined,
  })
  // Only this command needs Vitest, which is large.
  const { createGateHost } = await withVitest(() => import('../gate-host.ts'))
  const { run, judged, cutShortBy, historyTrouble } = await runGate({
    settings,
    variables,
    globs: options.globs.length > 0 ? options.globs : settings.tests,
    ...(options.release === undefined ? {} : { release: options.release }),
    ...(options.base === undefined ? {} : { base: options.base }),
    faults,
    createHost: createGateHost,
    onProgress: (progress) => printer.progress(progress),
    signal: context.signal,
  }).finally(() => printer.end())
  const report = judged?.report
  const isQuiet = loudness === 'quiet'
  if (judged && report) {
    await writeReports(context, options, judged)
    await publishToGithub(context, renderGithub(report))
    const summary = renderSummary(report, style, { brief: isQuiet })
    context.out(isQuiet ? summary : `\n${summary}\n`)
  }
  if (historyTrouble) context.err(`the run is not in the history: ${historyTrouble}`)
  if (!isQuiet) context.out(style.dim(`record: ${path.relative(context.cwd, run.journal)}`))
  if (!report || cutShortBy !== undefined) return exitOf(cutShortBy, report, context)
  if (!isQuiet) context.out(style.dim(whatNext(report, settings)))
  return report.exitCode
}

async function writeReports(context: CommandContext, options: GateOptions, judged: JudgedRun): Promise<void> {
  const { report } = judged
  const at = (file: string) => path.resolve(context.cwd, file)
  if (options.json) await writeFile(at(options.json), `${JSON.stringify(report, null, 2)}\n`)
  if (options.junit) await writeFile(at(options.junit), renderJunit(report))
  if (options.html) await writeFile(at(options.html), await renderHtmlOf(judged))
}

function exitOf(reason: unknown, report: RunReport | undefined, context: CommandContext): ExitCode {
  if (reason instanceof Interrupted)
    context.err(
      `${reason.message}: ${report ? 'what is above is the part that was done' : 'the run had not begun'}`,
    )
  return reportError(reason, context)
}

/** How this command line is called: from the checkout by its script, from an installation by npx. */
const self = import.meta.url.endsWith('.ts') ? 'npm run faultline --' : 'npx faultline'

function whatNext(report: RunReport, { environment }: Settings): string {
  const unsolved = report.tests
    .filter((test) => test.verdict !== null)
    .toSorted((a, b) => Number(a.cleared) - Number(b.cleared))
  if (unsolved[0]) return `why: ${self} explain ${JSON.stringify(unsolved[0].name)}`
  const topology = topologyOf(environment.definition)
  const inner = linksOf(topology).find((link) => link.from === topology.entry)
  return environment.definition.kind === 'remote' || !inner
    ? `all of it: ${self} report --format html`
    : `next: take a link away for a while, ${self} gate --inject link-down@${inner.name}:0s-6s`
}
