import { spawn } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { type EntryCommand, Secret, waitFor } from '#core'
import { agentCommand, connectAgent, type RunnerSample, runnerCommand } from '#probe'

const never = new AbortController().signal

/** A child process that is gone when the test is over, and the lines that it prints. */
function start({ file, args }: EntryCommand) {
  const child = spawn(file, args, { stdio: 'pipe' })
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  let complaint = ''
  child.stderr.on('data', (data) => {
    complaint += data
  })
  child.stdin.on('error', () => {})
  const exited = once(child, 'exit')
  return {
    child,
    lines,
    exited,
    complaint: () => complaint,
    samples: () => lines.map((line) => JSON.parse(line) as RunnerSample),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

test('the runner probe prints one sample a line, and ends when its stdin closes', async () => {
  await using probe = start(runnerCommand())
  await waitFor(() => probe.lines.length >= 4, { limitMs: 20_000 })
  const sample = probe.samples().at(-1)!
  expect(sample.process).toBe('probe')
  for (const value of [
    sample.at,
    sample.lagMs,
    sample.cpuShare,
    sample.loopbackMs,
    sample.dnsMs,
    sample.clockStepMs,
  ])
    expect(value).toBeTypeOf('number')
  probe.child.stdin.end()
  expect((await probe.exited)[0]).toBe(0)
})

test('a runner probe that was stopped shows the gap as lag at a low share of the processor', async () => {
  await using probe = start(runnerCommand())
  await waitFor(() => probe.lines.length >= 2, { limitMs: 20_000 })
  const before = probe.lines.length
  probe.child.kill('SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, 1000))
  probe.child.kill('SIGCONT')
  const late = await waitFor(
    () =>
      probe
        .samples()
        .slice(before)
        .find((sample) => sample.lagMs > 500),
    {
      limitMs: 20_000,
    },
  )
  expect(late.cpuShare).toBeLessThan(0.5)
})

const token = 'a-token-of-enough-length'

test('an owned agent takes its configuration from stdin, serves looks, and ends when stdin closes', async () => {
  const server = net.createServer((socket) => socket.on('error', () => {}).resume()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo
  await using agent = start(agentCommand())
  const target = {
    target: 'cache',
    vantage: 'app-side',
    protocol: 'tcp',
    address: `tcp://127.0.0.1:${port}`,
    timeoutMs: 5000,
    slowMs: 4000,
  }
  agent.child.stdin.write(`${JSON.stringify({ host: '127.0.0.1', port: 0, token, targets: [target] })}\n`)
  await waitFor(() => agent.lines.length > 0, { limitMs: 20_000 })
  const { listening } = JSON.parse(agent.lines[0]!)
  const client = await connectAgent({
    url: `ws://127.0.0.1:${listening}`,
    token: new Secret(token),
    signal: never,
    timeoutMs: 10_000,
  })
  const seen = await client.look({ target: 'cache' }, 'kept', never)
  agent.child.stdin.end()
  await client.closed
  server.close()
  expect(seen.outcome).toBe('ok')
  expect((await agent.exited)[0]).toBe(0)
})

test('an agent says everything that is wrong with its configuration, without the token', async () => {
  await using agent = start(agentCommand())
  const config = { host: 1, port: -1, token: 'short-secret', targets: [{ target: 'x', protocol: 'gopher' }] }
  agent.child.stdin.write(`${JSON.stringify(config)}\n`)
  const [code] = await agent.exited
  expect(code).toBe(78)
  for (const key of [
    'host',
    'port',
    'token',
    'targets[0].protocol',
    'targets[0].vantage',
    'targets[0].timeoutMs',
  ])
    expect(agent.complaint()).toContain(`\`${key}\``)
  expect(agent.complaint()).not.toContain('short-secret')
})

test('a client notices when its agent is killed', async () => {
  await using agent = start(agentCommand())
  agent.child.stdin.write(`${JSON.stringify({ host: '127.0.0.1', port: 0, token, targets: [] })}\n`)
  await waitFor(() => agent.lines.length > 0, { limitMs: 20_000 })
  const url = `ws://127.0.0.1:${JSON.parse(agent.lines[0]!).listening}`
  await using client = await connectAgent({ url, token: new Secret(token), signal: never, timeoutMs: 10_000 })
  agent.child.kill('SIGKILL')
  await client.closed
})

test('a client gives up an agent that is stopped, though its connection stays open', async () => {
  await using agent = start(agentCommand())
  agent.child.stdin.write(`${JSON.stringify({ host: '127.0.0.1', port: 0, token, targets: [] })}\n`)
  await waitFor(() => agent.lines.length > 0, { limitMs: 20_000 })
  const url = `ws://127.0.0.1:${JSON.parse(agent.lines[0]!).listening}`
  await using client = await connectAgent({ url, token: new Secret(token), signal: never, timeoutMs: 10_000 })
  agent.child.kill('SIGSTOP')
  await client.closed
})
