import type { ExitCode } from '#core'
import { runProxyCommand } from '#fault'
import { readVariables } from '#settings'
import type { CommandContext } from '../context.ts'

/** `faultline proxy`: takes toxiproxy-server's flags, and exits as it does. */
export async function proxy(context: CommandContext, flags: readonly string[]): Promise<ExitCode> {
  const code = await runProxyCommand(flags, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    logLevel: readVariables().all['LOG_LEVEL'],
    stop: context.signal,
  })
  return code as ExitCode
}
