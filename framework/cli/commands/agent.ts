import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { type ExitCode, exitCode, FaultlineError, messageOf } from '#core'
import { runAgent } from '#probe'
import type { CommandContext } from '../context.ts'

/** `faultline agent FILE`: serves looks to a runner until it is told to stop. */
export async function agent(context: CommandContext, file: string): Promise<ExitCode> {
  const config = await readConfig(path.resolve(context.cwd, file))
  await runAgent(config, context.signal)
  return exitCode.pass
}

async function readConfig(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    // A parser quotes what it read, and that may be the token.
    const why = error instanceof SyntaxError ? 'it is not JSON' : messageOf(error)
    throw new FaultlineError('FL1001', `${file}: ${why}`, {
      remedy: 'the agent’s configuration is JSON: { "host", "port", "token", "targets" }',
    })
  }
}
