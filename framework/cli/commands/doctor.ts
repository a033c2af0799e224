import { type ExitCode, exitCode } from '#core'
import { type Examination, examine } from '#session'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

export interface DoctorOptions {
  readonly config?: string
  readonly json?: boolean
}

/** `faultline doctor`: says what this machine can do. Exit 0 when environments of child processes work, which is the default. */
export async function doctor(context: CommandContext, options: DoctorOptions): Promise<ExitCode> {
  const examination = await examine({
    cwd: context.cwd,
    ...(options.config !== undefined && { config: options.config }),
    variables: readVariables(),
    signal: context.signal,
  })
  context.out(options.json ? JSON.stringify(examination, undefined, 2) : renderExamination(examination))
  return examination.embedded ? exitCode.pass : exitCode.configuration
}

function renderExamination({ findings, embedded, containers }: Examination): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length))
  const rows = findings.map(
    ({ subject, status, detail }) => `${status.padEnd(7)} ${subject.padEnd(width)}  ${detail}`,
  )
  const can = (works: boolean) => (works ? 'work here' : 'do not work here')
  return [
    ...rows,
    '',
    `Embedded environments ${can(embedded)}.`,
    `Environments of containers ${can(containers)}.`,
  ].join('\n')
}
