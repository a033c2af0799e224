import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ExitCode } from '#core'
import { topologyOf } from '#environment'
import { parseFault } from '#fault'
import { createStyle, type RunReport, renderJunit, renderSummary } from '#report'
import { judgeRun, openSettings, runGate } from '#session'
import { readVariables, type Settings } from '#settings'
import { linksOf } from '#topology'
import type { CommandContext } from '../context.ts'
import { Interrupted } from '../interrupt.ts'
import { progressPrinter } from '../progress.ts'
import { reportError } from '../report-error.ts'
import { publishToGithub, renderHtmlOf } from './report.ts'

export interface GateOptions {
  readonly config?: string
  readonly env?: string
  readonly release?: string
  readonly inject?: readonly string[]
  readonly json?: string
  readonly junit?: string
  readonly html?: string
  readonly globs: readonly string[]
}

/** `faultline gate`: runs, judges, decides, and says where the record is. */
export async function gate(context: CommandContext, options: GateOptions): Promise<ExitCode> {
  const variables = readVariables()
  const settings = await openSettings(context.cwd, options, variables)
  const topology = topologyOf(settings.environment.definition)
  const faults = (options.inject ?? []).map((text) => parseFault(text, topology))
  const style = createStyle(!variables.noColor && !variables.ci && process.stdout.isTTY === true)
  // Only this command needs Vitest, which is large.
  const { createGateHost } = await import('../gate-host.ts')
  const { run, report, cutShortBy } = await runGate({
    settings,
    variables,
    globs: options.globs.length > 0 ? options.globs : settings.tests,
    ...(options.release === undefined ? {} : { release: options.release }),
    faults,
    createHost: createGateHost,
    onProgress: progressPrinter(context, style),
    signal: context.signal,
  })
  if (report) {
    await writeReports(context, options, report)
    if (options.html)
      await writeFile(
        path.resolve(context.cwd, options.html),
        renderHtmlOf(await judgeRun(settings.root, run.journal)),
      )
    await publishToGithub(context, report)
    context.out(`\n${renderSummary(report, style)}\n`)
  }
  context.out(style.dim(`record: ${path.relative(context.cwd, run.journal)}`))
  if (!report || cutShortBy !== undefined) return exitOf(cutShortBy, report, context)
  context.out(style.dim(whatNext(report, settings)))
  return report.exitCode
}

async function writeReports(context: CommandContext, options: GateOptions, report: RunReport): Promise<void> {
  const at = (file: string) => path.resolve(context.cwd, file)
  if (options.json) await writeFile(at(options.json), `${JSON.stringify(report, null, 2)}\n`)
  if (options.junit) await writeFile(at(options.junit), renderJunit(report))
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
