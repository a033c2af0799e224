import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type ExitCode, exitCode, FaultlineError } from '#core'
import {
  faultSpansOf,
  type RunReport,
  readLog,
  renderCtrf,
  renderGithub,
  renderHtml,
  renderJunit,
} from '#report'
import { type JudgedRun, judgeRun, readRunFiles } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

/** Each format with the file that it is written to. */
const formats = {
  html: { file: 'report.html', render: renderHtmlOf },
  junit: { file: 'junit.xml', render: ({ report }: JudgedRun) => renderJunit(report) },
  ctrf: { file: 'ctrf.json', render: ({ report }: JudgedRun) => renderCtrf(report) },
  json: { file: 'run.json', render: ({ report }: JudgedRun) => `${JSON.stringify(report, null, 2)}\n` },
  github: { file: 'summary.md', render: ({ report }: JudgedRun) => renderGithub(report).summary },
} as const

type Format = keyof typeof formats

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
  const run = await judgeRun(context.cwd, options.run)
  const folder = options.out === undefined ? run.run.folder : path.resolve(context.cwd, options.out)
  await mkdir(folder, { recursive: true })
  for (const format of wanted) {
    const { file, render } = formats[format]
    const target = path.join(folder, file)
    await writeFile(target, await render(run))
    context.out(`${format}: ${path.relative(context.cwd, target)}`)
  }
  if (wanted.includes('github')) await publishToGithub(context, run.report)
  if (run.torn) context.err('the journal breaks off in its last line: the reports tell what came before')
  return exitCode.pass
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
export async function publishToGithub(context: CommandContext, report: RunReport): Promise<void> {
  const { githubSummary } = readVariables()
  if (githubSummary === undefined) return
  const { summary, annotations } = renderGithub(report)
  await appendFile(githubSummary, summary)
  if (annotations !== '') context.out(annotations)
}

function parseFormats(text: string): Format[] {
  const names = text.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !Object.hasOwn(formats, name))
  if (unknown !== undefined)
    throw new FaultlineError('FL1004', `there is no format "${unknown}"`, {
      remedy: `one or more of ${Object.keys(formats).join(', ')}, separated by commas`,
    })
  return [...new Set(names)] as Format[]
}
