import { type ExitCode, exitCode } from './exit.ts'

/**
 * Every error that Faultline raises on purpose, by stable code. A code, once published, is never used for
 * anything else. Ranges: 1 settings and usage, 2 environment, 3 probe and agent, 4 fault and proxy,
 * 5 run and test host, 6 journal and report, 9 internal.
 */
export const errorCatalogue = {
  FL1001: { title: 'The configuration is not valid', exit: exitCode.configuration },
  FL1002: { title: 'No configuration file was found', exit: exitCode.configuration },
  FL1003: { title: 'The configuration file could not be loaded', exit: exitCode.configuration },
  FL1004: { title: 'The command line is not valid', exit: exitCode.usage },
  FL1005: { title: 'The environment is not defined in the configuration', exit: exitCode.configuration },
  FL1006: { title: 'The fault is not valid', exit: exitCode.usage },
  FL1007: { title: 'The change could not be read', exit: exitCode.usage },
  FL1008: { title: 'The known issues are not valid', exit: exitCode.configuration },
  FL2001: { title: 'The environment could not be brought up', exit: exitCode.internal },
  FL2002: { title: 'An optional package that this needs is not installed', exit: exitCode.configuration },
  FL2003: { title: 'The keeper of the environment was lost', exit: exitCode.internal },
  FL2004: { title: 'The fault proxy was lost', exit: exitCode.internal },
  FL2005: { title: 'No Docker engine can be used', exit: exitCode.configuration },
  FL2006: { title: 'Docker Compose can’t be used', exit: exitCode.configuration },
  FL3001: { title: 'The agent could not be reached', exit: exitCode.configuration },
  FL3002: { title: 'The agent refused the request', exit: exitCode.configuration },
  FL3003: { title: 'The agent could not listen', exit: exitCode.configuration },
  FL4001: { title: 'The fault could not be put on', exit: exitCode.internal },
  FL4002: { title: 'The environment does not allow faults', exit: exitCode.usage },
  FL4003: { title: 'The fault proxy can’t do this', exit: exitCode.usage },
  FL5001: { title: 'The test host failed', exit: exitCode.internal },
  FL5002: { title: 'A test uses what the run was not given', exit: exitCode.configuration },
  FL6001: { title: 'The run was not found', exit: exitCode.usage },
  FL6002: { title: 'The journal could not be read', exit: exitCode.usage },
  FL6003: { title: 'The journal could not be written', exit: exitCode.internal },
  FL6004: { title: 'The run had not begun', exit: exitCode.usage },
  FL6005: { title: 'The history can’t be used', exit: exitCode.usage },
  FL9001: { title: 'Faultline met a defect of its own', exit: exitCode.internal },
} as const satisfies Record<string, { title: string; exit: ExitCode }>

export type ErrorCode = keyof typeof errorCatalogue

/** An error with a stable code. `message` says what and where, `remedy` what to do about it. */
export class FaultlineError extends Error {
  readonly code: ErrorCode
  readonly exit: ExitCode
  readonly remedy: string | undefined
  constructor(code: ErrorCode, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'FaultlineError'
    this.code = code
    this.exit = errorCatalogue[code].exit
    this.remedy = options.remedy
  }
}

/** Whether `error` is ours, also when another copy of the package made it. */
export function isFaultlineError(error: unknown): error is FaultlineError {
  return error instanceof Error && 'code' in error && String(error.code) in errorCatalogue
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error)
  } catch {
    // Anything can be thrown, also what refuses to be looked at.
    return 'an error that gives no text'
  }
}
