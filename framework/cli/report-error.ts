import {
  type ExitCode,
  errorCatalogue,
  exitCode,
  isFaultlineError,
  maskLikelySecrets,
  messageOf,
  Redactor,
} from '#core'
import { readVariables } from '#settings'
import type { CommandContext } from './context.ts'
import { Interrupted } from './interrupt.ts'

/** Says what went wrong, where and what to do, and gives the exit code. An error that nobody raised on purpose is our own defect: 70. */
export function reportError(error: unknown, context: CommandContext): ExitCode {
  if (error instanceof Interrupted) return error.exit
  if (context.signal.aborted && context.signal.reason instanceof Interrupted)
    return context.signal.reason.exit
  const err = (text: string) => context.err(withoutSecrets(text))
  if (isFaultlineError(error)) {
    err(`${error.code} ${errorCatalogue[error.code].title}\n${error.message}`)
    if (error.remedy) err(`→ ${error.remedy}`)
    err(`more: faultline help ${error.code}`)
    return error.exit
  }
  err(`FL9001 ${errorCatalogue.FL9001.title}\n${error instanceof Error ? error.stack : messageOf(error)}`)
  return exitCode.internal
}

/** Errors quote what others wrote: configuration files, servers, the system. */
function withoutSecrets(text: string): string {
  const redactor = new Redactor()
  redactor.addVariables(readVariables().all)
  return maskLikelySecrets(redactor.text(text))
}
