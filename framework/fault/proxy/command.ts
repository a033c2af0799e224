import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { messageOf } from '#core'
import type { ProxyRequest } from './collection.ts'
import { decodePopulate } from './decode.ts'
import { type ProxyFlags, parseFlags, usage } from './flags.ts'
import { parseBody } from './json.ts'
import { jsonLog, type Log, parseLogLevel } from './log.ts'
import { toxiproxyVersion } from './routes.ts'
import { startProxyServer } from './server.ts'

/** What the command has of the world. */
export interface ProxyCommandIo {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** The value of LOG_LEVEL, if it is set. */
  readonly logLevel: string | undefined
  /** Aborts on SIGINT and SIGTERM. */
  readonly stop: AbortSignal
}

/**
 * `faultline proxy`: takes what `toxiproxy-server` takes, logs to stdout as it does, and serves until `stop` aborts.
 * Gives the exit code: 0, 2 for wrong flags, 1 when the API's address can't be had.
 */
export async function runProxyCommand(argv: readonly string[], io: ProxyCommandIo): Promise<number> {
  const parsed = parseFlags(argv)
  if (parsed.kind === 'help') {
    io.err(usage)
    return 0
  }
  if (parsed.kind === 'wrong') {
    io.err(`${parsed.message}\n${usage}`)
    return 2
  }
  if (parsed.flags.version) {
    io.out(`toxiproxy-server version ${toxiproxyVersion}\n`)
    return 0
  }
  return serve(parsed.flags, io)
}

async function serve(flags: ProxyFlags, io: ProxyCommandIo): Promise<number> {
  const level = parseLogLevel(io.logLevel ?? '')
  const log = jsonLog(io.out, level ?? 'trace')
  if (level === undefined && io.logLevel) log('error', 'unknown LOG_LEVEL', { value: io.logLevel })
  log('info', 'Starting Toxiproxy', { version: toxiproxyVersion })
  const { host, port, namesPort, seed, proxyMetrics, runtimeMetrics } = flags
  const metrics = { proxy: proxyMetrics, runtime: runtimeMetrics }
  const proxies = flags.config === '' ? undefined : await readConfig(flags.config, log)
  try {
    await using server = await startProxyServer({
      ...{ host, port, log, metrics },
      ...(proxies && { proxies }),
      ...(namesPort !== undefined && { namesPort }),
      ...(seed !== undefined && { seed }),
    })
    log('info', 'Starting Toxiproxy HTTP server', {
      ...{ address: server.url.replace(/^http:\/\//, ''), seed: server.seed },
      ...(server.names !== undefined && { names: server.names }),
    })
    if (!io.stop.aborted) await once(io.stop, 'abort')
    log('info', 'Shutdown started')
    return 0
  } catch (error) {
    log('error', 'Unable to start the HTTP server', { error: messageOf(error) })
    return 1
  }
}

/** The proxies of a config file; what is wrong with it is logged. */
async function readConfig(file: string, log: Log): Promise<ProxyRequest[] | undefined> {
  try {
    return decodePopulate(parseBody(await readFile(file, 'utf8')))
  } catch (error) {
    log('error', 'Error reading config file', { config: file, error: messageOf(error) })
    return undefined
  }
}
