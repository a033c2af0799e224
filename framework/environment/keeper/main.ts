/**
 * The keeper: holds a run's lease by the pipe on its standard input, and ends everything of the run when
 * that pipe ends, whatever ended it. Where it serves, it answers on the run's control address, which lies behind no link.
 */
import { createInterface } from 'node:readline'
import { Holding } from './holding.ts'
import type { KeeperCommand, KeeperConfig, KeeperReady } from './protocol.ts'

/** Ctrl-C and a polite kill reach the whole process group; the one that cleans up must outlast them. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE'] as const) process.on(signal, () => {})
// The owner reads our only line and may be gone before it is written.
process.stdout.on('error', () => {})

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

const first = await lines.next()
if (!first.done) await keep(JSON.parse(first.value) as KeeperConfig)
process.exit(0)

async function keep(config: KeeperConfig): Promise<void> {
  const holding = new Holding(config.leaseId)
  for (const folder of config.folders) holding.holdFolder(folder)
  if (config.cleanUp) holding.holdElsewhere(config.cleanUp)
  if (config.serves) await serve()
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const command = parse(line.value)
    if (command === undefined) break
    if ('hold' in command) holding.hold(command.hold)
    else holding.holdFolder(command.holdFolder)
  }
  const [left, failures] = await Promise.all([
    holding.end({ graceMs: config.graceMs, limitMs: 8_000 }),
    holding.removeElsewhere(),
  ])
  await holding.removeFolders()
  for (const failure of failures) process.stderr.write(`could not clean up: ${failure}\n`)
  for (const row of left) process.stderr.write(`could not end process ${row.pid}, state ${row.state}\n`)
}

async function serve(): Promise<void> {
  // Loaded here: the keeper of a run that only looks serves nobody.
  const [{ createServer }, { listenOnBlock }] = await Promise.all([
    import('node:http'),
    import('./port-block.ts'),
  ])
  const control = createServer((_request, response) => response.writeHead(204).end())
  const ports = await listenOnBlock(control)
  const address = control.address()
  if (address === null || typeof address === 'string') throw new Error('the control listener has no port')
  const ready: KeeperReady = { controlUrl: `http://127.0.0.1:${address.port}/`, ports }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
}

/** A line that the owner didn't live to finish is its end. */
function parse(line: string): KeeperCommand | undefined {
  try {
    return JSON.parse(line) as KeeperCommand
  } catch {
    return undefined
  }
}
