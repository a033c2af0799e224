import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { exitCode, messageOf } from '#core'
import { checkAgentConfig } from './config.ts'
import { runAgent } from './run.ts'

/**
 * The agent as a process of its own. `main.ts`: its configuration is the first line of stdin, and it lives as long as its
 * owner holds stdin open. `main.ts FILE`: its configuration is that file, and it lives until it is told to end.
 */
const ended = new AbortController()
const [file] = process.argv.slice(2).filter((arg) => !arg.startsWith('-'))
// Ctrl-C reaches the whole process group, and is the owner's to handle.
process.on('SIGINT', () => {})
process.once('SIGTERM', () => ended.abort())
process.stdout.on('error', () => ended.abort())

try {
  const config = await (file === undefined ? ownersLine() : readFile(file, 'utf8'))
  await runAgent(checkAgentConfig(JSON.parse(config)), ended.signal)
  process.exit(exitCode.pass)
} catch (error) {
  if (ended.signal.aborted) process.exit(exitCode.pass)
  // A parser quotes what it read, and that may hold secrets.
  const text = error instanceof SyntaxError ? 'the configuration is not JSON' : messageOf(error)
  process.stderr.write(`faultline agent: ${text}\n`)
  process.exit(exitCode.configuration)
}

async function ownersLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin })
  lines.once('close', () => ended.abort())
  const [line] = (await once(lines, 'line', { signal: ended.signal })) as [string]
  return line
}
