/**
 * Runs a fault proxy in a process of its own: `main.ts [--owned] [JSON]`, the JSON being `ProxyServerOptions` without
 * `log`. Prints one line of JSON, `{"url": …, "names"?: …, "seed": …}`, when it listens. With `--owned` it ends when its stdin or its IPC
 * channel closes: nothing survives its owner.
 */
import { startProxyServer } from './server.ts'

const args = process.argv.slice(2)
const { host, port, seed, namesPort } = JSON.parse(args.find((arg) => arg.startsWith('{')) ?? '{}')
const server = await startProxyServer({ host, port, seed, namesPort })
const end = async () => {
  await server[Symbol.asyncDispose]()
  process.exit()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end)
if (args.includes('--owned')) {
  process.stdin.resume().once('error', end).once('close', end)
  process.once('disconnect', end)
}
process.stdout.write(`${JSON.stringify({ url: server.url, names: server.names, seed: server.seed })}\n`)
