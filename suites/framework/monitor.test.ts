import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { secret, waitFor } from '#core'
import {
  type AgentChange,
  type HealthChange,
  type Monitor,
  type MonitorConfig,
  monitorCommand,
  type Snapshot,
  startMonitor,
} from '#health'
import { type Agent, type Observation, type ProbeTarget, startAgent } from '#probe'

const limitMs = 20_000
const token = 'a token that is long enough'

let stack: AsyncDisposableStack
let ended: AbortController
let entry: Awaited<ReturnType<typeof startEntry>>
beforeEach(async () => {
  stack = new AsyncDisposableStack()
  ended = new AbortController()
  entry = stack.use(await startEntry())
})
afterEach(async () => {
  await stack.disposeAsync()
})

/** An HTTP service that can be told to go silent and to refuse. */
async function startEntry() {
  let isSilent = false
  const server = http.createServer((_request, response) => {
    if (!isSilent) response.end('{"status":"pass"}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    beSilent(silent: boolean) {
      isSilent = silent
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function target(over: Partial<ProbeTarget> = {}): ProbeTarget {
  return {
    target: 'app',
    link: 'client/app',
    vantage: 'runner',
    protocol: 'http',
    address: entry.address,
    timeoutMs: 300,
    slowMs: 200,
    ...over,
  }
}

/** A monitor that looks every 50 ms, and all that it told. */
function watch(config: Partial<MonitorConfig> = {}) {
  const told = { observations: [] as Observation[], health: [] as HealthChange[], agent: [] as AgentChange[] }
  const pid = { monitor: 0 }
  const monitor: Monitor = stack.use(
    startMonitor({
      command: monitorCommand(),
      config: { intervalMs: 50, targets: [target()], ...config },
      signal: ended.signal,
      onSpawn: (spawned) => {
        pid.monitor = spawned
      },
      onObservation: (observation) => told.observations.push(observation),
      onHealth: (change) => told.health.push(change),
      onAgent: (change) => told.agent.push(change),
    }),
  )
  const becomes = (status: string, service = 'app') =>
    monitor.waitUntil((snapshot) => statusIn(snapshot, service) === status, { limitMs, signal: ended.signal })
  return { monitor, told, pid, becomes }
}

function statusIn(snapshot: Snapshot, service: string): string | undefined {
  return snapshot.targets.find((view) => view.target === service)?.status
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a target is unknown until it is looked at, and then healthy on new and kept connections', async () => {
  const { monitor, told, becomes } = watch()
  expect(statusIn(monitor.snapshot(), 'app')).toBe('unknown')
  expect(await becomes('healthy')).toBe(true)
  await expect
    .poll(() => new Set(told.observations.map((look) => look.connection)))
    .toEqual(new Set(['new', 'kept']))
  expect(told.health).toMatchObject([{ target: 'app', before: 'unknown', status: 'healthy' }])
})

test('a target that goes silent becomes unavailable, and recovers', async () => {
  const { told, becomes } = watch()
  await becomes('healthy')
  entry.beSilent(true)
  expect(await becomes('unavailable')).toBe(true)
  entry.beSilent(false)
  expect(await becomes('healthy')).toBe(true)
  expect(told.health.map((change) => change.status)).toContain('recovering')
})

test('a target that hangs holds up no other', async () => {
  const other = stack.use(await startEntry())
  const slow = target({ target: 'slow', timeoutMs: 10_000 })
  const { told } = watch({ targets: [slow, target({ target: 'fast', address: other.address })] })
  entry.beSilent(true)
  await expect
    .poll(() => told.observations.filter((look) => look.target === 'fast').length, { timeout: limitMs })
    .toBeGreaterThan(20)
})

test('a round looks at everything at once, between two beats', async () => {
  const { monitor, told } = watch({ intervalMs: 60_000 })
  await expect.poll(() => told.observations.length, { timeout: limitMs }).toBe(2)
  await monitor.round(ended.signal)
  expect(told.observations.length).toBe(4)
})

test('many rounds asked for at once are few', async () => {
  const { monitor, told } = watch({ intervalMs: 60_000 })
  await Promise.all(Array.from({ length: 50 }, () => monitor.round(ended.signal)))
  expect(told.observations.length).toBeLessThanOrEqual(6)
})

test('a killed monitor is told of, all becomes unknown, and a round ends at once', async () => {
  const { monitor, pid, becomes } = watch()
  await becomes('healthy')
  // The first takes the round of this second, so that the next one has to wait for its turn.
  await monitor.round(ended.signal)
  let isOver = false
  void monitor.round(ended.signal).then(() => {
    isOver = true
  })
  process.kill(pid.monitor, 'SIGKILL')
  expect(await monitor.lost).toContain('SIGKILL')
  await monitor.round(ended.signal)
  await waitFor(() => isOver, { limitMs: 2000 })
  expect(await becomes('unknown')).toBe(true)
})

test('a frozen monitor makes all unknown, though nothing ended', async () => {
  const { pid, becomes } = watch()
  await becomes('healthy')
  process.kill(pid.monitor, 'SIGSTOP')
  stack.defer(() => void process.kill(pid.monitor, 'SIGCONT'))
  expect(await becomes('unknown')).toBe(true)
})

test('a monitor that can not be started is lost, and harms nothing', async () => {
  const monitor = stack.use(
    startMonitor({
      command: { file: '/nowhere/node', args: [] },
      config: { intervalMs: 50, targets: [target()] },
      signal: ended.signal,
    }),
  )
  expect(await monitor.lost).toContain('ENOENT')
  await monitor.round(ended.signal)
})

test('waiting for a state of health ends with false at its limit', async () => {
  const { monitor } = watch()
  expect(await monitor.waitUntil(() => false, { limitMs: 20, signal: ended.signal })).toBe(false)
})

test('disposing ends the process', async () => {
  const { monitor, pid, becomes } = watch()
  await becomes('healthy')
  await monitor[Symbol.asyncDispose]()
  expect(isAlive(pid.monitor)).toBe(false)
})

test('a frozen monitor is ended all the same', async () => {
  const { monitor, pid, becomes } = watch()
  await becomes('healthy')
  process.kill(pid.monitor, 'SIGSTOP')
  await monitor[Symbol.asyncDispose]()
  expect(isAlive(pid.monitor)).toBe(false)
})

test('targets of the agent are looked at through it, and its loss and return are told', async () => {
  const behind = target({ target: 'model', link: 'app/model', vantage: 'app-side' })
  const start = (port: number) => startAgent({ host: '127.0.0.1', port, token, targets: [behind] })
  let agent: Agent = await start(0)
  stack.defer(() => agent[Symbol.asyncDispose]())
  const { port } = agent
  const { told, becomes } = watch({ agent: { url: `ws://127.0.0.1:${port}`, token: secret(token) } })
  expect(await becomes('healthy', 'model')).toBe(true)
  expect(told.observations.find((look) => look.target === 'model')).toMatchObject({ vantage: 'app-side' })

  await agent[Symbol.asyncDispose]()
  expect(await becomes('unknown', 'model')).toBe(true)
  expect(await becomes('healthy', 'app')).toBe(true)
  agent = await start(port)
  expect(await becomes('healthy', 'model')).toBe(true)
  expect(told.agent.map((change) => change.kind)).toEqual(['found', 'lost', 'found'])
})

test('a killed owner takes its monitor with it', async () => {
  const { spawn } = await import('node:child_process')
  const owner = spawn(process.execPath, [
    '--conditions=faultline-source',
    '--input-type=module',
    '--eval',
    `import { monitorCommand, startMonitor } from '#health'
     startMonitor({
       command: monitorCommand(),
       config: { intervalMs: 50, targets: [${JSON.stringify(target())}] },
       signal: new AbortController().signal,
       onSpawn: (pid) => console.log(pid),
     })`,
  ])
  stack.defer(() => void owner.kill('SIGKILL'))
  const pid = Number(await new Promise((resolve) => owner.stdout.once('data', resolve)))
  expect(isAlive(pid)).toBe(true)
  owner.kill('SIGKILL')
  await waitFor(() => !isAlive(pid), { limitMs })
})
