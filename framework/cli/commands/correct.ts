import { type ExitCode, exitCode } from '#core'
import { correctVerdict, openSettings } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface CorrectOptions {
  readonly config?: string
  readonly run: string
  readonly test: string
  readonly class: 'application' | 'infrastructure' | 'test'
  readonly why: string
}

/** `faultline correct`: keeps what a person says of a failure. It changes no verdict and no decision. */
export async function correct(context: CommandContext, options: CorrectOptions): Promise<ExitCode> {
  const settings = await openSettings(context.cwd, options, readVariables())
  const { class: found, why } = options
  const { testId, said } = await correctVerdict(settings, options.run, options.test, { class: found, why })
  context.out(
    `${testId}\n  ${said} → ${found}\nkept; \`faultline history export --cases DIR\` writes it as a case`,
  )
  return exitCode.pass
}
