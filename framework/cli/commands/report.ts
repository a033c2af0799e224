import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type ExitCode, exitCode, FaultlineError } from '#core'
import {
  type ChaosRun,
  chaosReport,
  chaosRunOf,
  faultSpansOf,
  type GithubReport,
  readLog,
  renderChaosCtrf,
  renderChaosGithub,
  renderChaosHtml,
  renderChaosJunit,
  renderCtrf,
  renderGithub,
  renderHtml,
  renderJunit,
  resultsOf,
} from '#report'
import { type JudgedRun, judgeStored, readRun, readRunFiles, type StoredRun } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

/** The file of each format. */
const files = {
  html: 'report.html',
  junit: 'junit.xml',
  ctrf: 'ctrf.json',
  json: 'run.json',
  github: 'summary.md',
} as const

type Format = keyof typeof files

export interface ReportOptions {
  readonly run?: string
  /** One or more of the formats, separated by commas. */
  readonly format: string
  /** The folder to write to; the run's own when absent. */
  readonly out?: string
}

/** `faultline report`: any report of a stored run, made from its journal. */
export async function report(context: CommandContext, options: ReportOptions): Promise<ExitCode> {
  const wanted = parseFormats(options.format)
  const stored = await readRun(context.cwd, options.run)
  const chaos = chaosRunOf(stored.records)
  const texts = chaos ? textsOfChaos(chaos, stored) : textsOfRun(judgeStored(stored))
  const folder = options.out === undefined ? stored.run.folder : path.resolve(context.cwd, options.out)
  await mkdir(folder, { recursive: true })
  for (const format of wanted) {
    const target = path.join(folder, files[format])
    await writeFile(target, await texts[format]())
    context.out(`${format}: ${path.relative(context.cwd, target)}`)
  }
  if (wanted.includes('github')) await publishToGithub(context, texts.published())
  if (stored.torn) context.err('the journal breaks off in its last line: the reports tell what came before')
  return exitCode.pass
}

type Texts = Readonly<Record<Format, () => string | Promise<string>>> & {
  /** What GitHub is told. */
  readonly published: () => GithubReport
}

function textsOfRun(run: JudgedRun): Texts {
  const { report } = run
  return {
    html: () => renderHtmlOf(run),
    junit: () => renderJunit(report),
    ctrf: () => renderCtrf(report),
    json: () => json(report),
    github: () => renderGithub(report).summary,
    published: () => renderGithub(report),
  }
}

function textsOfChaos(chaos: ChaosRun, { run }: StoredRun): Texts {
  return {
    html: () => renderChaosHtml(chaos, run.id),
    junit: () => renderChaosJunit(chaos),
    ctrf: () => renderChaosCtrf(chaos),
    json: () => json(chaosReport(resultsOf(chaos))),
    github: () => renderChaosGithub(chaos),
    published: () => ({ summary: renderChaosGithub(chaos), annotations: '' }),
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

/** The page of a judged run. */
export async function renderHtmlOf({ run, report, evidence, records }: JudgedRun): Promise<string> {
  const { logs, screenshots } = await readRunFiles(run, evidence.attempts)
  return renderHtml({
    report,
    evidence,
    faults: faultSpansOf(records),
    logs: Object.entries(logs).map(([service, text]) => ({ service, lines: readLog(text) })),
    screenshots,
  })
}

/** Under GitHub Actions: adds the run to the job's summary, and prints its annotations. Elsewhere it does nothing. */
export async function publishToGithub(
  context: CommandContext,
  { summary, annotations }: GithubReport,
): Promise<void> {
  const { githubSummary } = readVariables()
  if (githubSummary === undefined) return
  await appendFile(githubSummary, summary)
  if (annotations !== '') context.out(annotations)
}

function parseFormats(text: string): Format[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(files, name))
  if (unknown !== undefined)
    throw new FaultlineError('FL1004', `there is no format "${unknown}"`, {
      remedy: `one or more of ${Object.keys(files).join(', ')}, separated by commas`,
    })
  return [...new Set(names)] as Format[]
}
