import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { type ExitCode, exitCode, FaultlineError, messageOf } from '#core'
import { signalsReport } from '#evidence'
import type { CommandContext } from '../context.ts'

export interface SignalsOptions {
  /** `-` is standard input. */
  readonly file: string
  readonly json?: boolean
}

/** `faultline signals`: what a failure's text says, as signals. */
export async function signals(context: CommandContext, options: SignalsOptions): Promise<ExitCode> {
  const input =
    options.file === '-'
      ? await text(process.stdin)
      : await readInput(path.resolve(context.cwd, options.file))
  context.out(signalsReport(input, { json: options.json === true }).trimEnd())
  return exitCode.pass
}

async function readInput(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new FaultlineError('FL1004', `${file}: ${messageOf(error)}`, {
      remedy: 'name a file that can be read, or - for standard input',
    })
  }
}
