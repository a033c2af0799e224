import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ExitCode } from '#core'
import type { Tier } from '#evidence'
import { createStyle, renderSummary } from '#report'
import { judgeRun } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface JudgeOptions {
  readonly run?: string
  readonly tier?: Tier
  readonly json?: string
}

/** `faultline judge`: verdicts and decision from a stored journal; its exit code is the decision's. */
export async function judge(context: CommandContext, options: JudgeOptions): Promise<ExitCode> {
  const { report, torn } = await judgeRun(context.cwd, options.run, options.tier)
  if (options.json)
    await writeFile(path.resolve(context.cwd, options.json), `${JSON.stringify(report, null, 2)}\n`)
  const { noColor, ci } = readVariables()
  context.out(renderSummary(report, createStyle(!noColor && !ci && process.stdout.isTTY === true)))
  if (torn) context.err('the journal breaks off in its last line: what is above is judged up to there')
  return report.exitCode
}
