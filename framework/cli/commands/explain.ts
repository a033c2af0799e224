import { type ExitCode, exitCode, FaultlineError } from '#core'
import { createStyle, type ReportTest, renderExplanation } from '#report'
import { judgeRun } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface ExplainOptions {
  readonly run?: string
  /** A test id, or a part of one. */
  readonly test: string
}

/** `faultline explain`: all that stands behind the verdict on a test. */
export async function explain(context: CommandContext, options: ExplainOptions): Promise<ExitCode> {
  const { report } = await judgeRun(context.cwd, options.run)
  const { noColor, ci } = readVariables()
  const style = createStyle(!noColor && !ci && process.stdout.isTTY === true)
  const found = matching(report.tests, options.test)
  context.out(found.map((test) => renderExplanation(report, test, style)).join('\n\n'))
  return exitCode.pass
}

/** The test with this id, or else every test that has the text in its id. Throws FL1004 when there is none. */
function matching(tests: readonly ReportTest[], wanted: string): readonly ReportTest[] {
  const exact = tests.filter((test) => test.id === wanted)
  if (exact.length > 0) return exact
  const partial = tests.filter((test) => test.id.toLowerCase().includes(wanted.toLowerCase()))
  if (partial.length > 0) return partial
  throw new FaultlineError('FL1004', `no test of this run has "${wanted}" in its id`, {
    remedy: `the run has ${tests.length} tests, such as: ${tests
      .slice(0, 3)
      .map((test) => test.id)
      .join('; ')}`,
  })
}
