import { startAgent } from './agent.ts'
import { checkAgentConfig } from './config.ts'

/**
 * Runs an agent until the signal aborts; prints `{"listening": port}` on stdout once it listens.
 * @throws FaultlineError FL1001 when the configuration is not valid, FL3003 when it can't listen.
 */
export async function runAgent(config: unknown, signal: AbortSignal): Promise<void> {
  await using agent = await startAgent(checkAgentConfig(config))
  process.stdout.write(`${JSON.stringify({ listening: agent.port })}\n`)
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}
