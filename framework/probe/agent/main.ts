import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { exitCode, messageOf } from '#core'
import { checkAgentConfig } from './config.ts'
import { runAgent } from './run.ts'

/** The agent as a child process: it lives as long as its owner holds stdin open. */
const ended = new AbortController()
const lines = createInterface({ input: process.stdin })
lines.once('close', () => ended.abort())
// Ctrl-C reaches the whole process group, and is the owner's to handle.
process.on('SIGINT', () => {})
process.once('SIGTERM', () => ended.abort())
process.stdout.on('error', () => ended.abort())

try {
  const [line] = (await once(lines, 'line', { signal: ended.signal })) as [string]
  await runAgent(checkAgentConfig(JSON.parse(line)), ended.signal)
  process.exit(exitCode.pass)
} catch (error) {
  if (ended.signal.aborted) process.exit(exitCode.pass)
  // A parser quotes what it read, and that may hold secrets.
  const text = error instanceof SyntaxError ? 'the first line of stdin is not JSON' : messageOf(error)
  process.stderr.write(`faultline agent: ${text}\n`)
  process.exit(exitCode.configuration)
}
