/** Owns an environment, to be killed: brings it up, says so in one line of JSON, and says what it loses. */
import { argv, stdout } from 'node:process'
import { startStack } from './environment-stack.ts'

const { environment } = await startStack(JSON.parse(argv[2] ?? '{}'))
const say = (value: unknown) => stdout.write(`${JSON.stringify(value)}\n`)
say({
  entry: environment.connections.entry,
  lease: environment.lease.environment,
  processes: environment.processes(),
})
environment.lost.then(async ({ code }) => {
  say({ lost: code })
  await environment[Symbol.asyncDispose]()
  say({ disposed: true })
})
setInterval(() => {}, 60_000)
